import { IAM_ASKS, OTHER_ASKS } from './asks.js';
import { outcomeOf, type Clients, type Cloud, type Keys } from './cloud.js';
import type { Question } from './generate.js';
import { createSubject, type Subject } from './subject.js';
import type { Caller, World } from './world.js';

/** A cloud with its administrator. */
export type Side = { readonly cloud: Cloud; readonly administrator: Clients };
/** The two sides that are compared. */
export type Sides = { readonly range: Side; readonly ministack: Side };
/** What each answered: `allowed`, or an error's name. */
export type Answers = { readonly range: string; readonly ministack: string };

/** One world, built on both sides. */
export interface BuiltWorld {
  /** What handing out a caller's credentials answered. */
  mint(caller: Caller): Promise<Answers>;
  /** What a request answered. Only after `mint` was allowed on both sides. */
  ask(question: Question): Promise<Answers>;
}

let built = 0;

/** Builds a world on both sides, under names nobody had before. */
export async function buildWorld(sides: Sides, world: World): Promise<BuiltWorld> {
  built += 1;
  const number = built;
  const [range, ministack] = await Promise.all([buildSide(sides.range, world, number), buildSide(sides.ministack, world, number)]);
  return {
    mint: async (caller) => {
      const [ofRange, ofMinistack] = await Promise.all([range.mint(caller), ministack.mint(caller)]);
      return { range: ofRange, ministack: ofMinistack };
    },
    ask: async (question) => {
      const [ofRange, ofMinistack] = await Promise.all([range.ask(question), ministack.ask(question)]);
      return { range: ofRange, ministack: ofMinistack };
    },
  };
}

type BuiltSide = { readonly mint: (caller: Caller) => Promise<string>; readonly ask: (question: Question) => Promise<string> };

async function buildSide(side: Side, world: World, number: number): Promise<BuiltSide> {
  const subject: Subject = await createSubject(side, { world, number });
  const keys = new Map<Caller, Keys>();
  const clients = new Map<string, Clients>();
  const clientsOf = (caller: Caller, sourceIp: string): Clients => {
    const own = keys.get(caller);
    if (own === undefined) throw new Error(`${caller} asks without credentials`);
    const known = clients.get(`${caller} ${sourceIp}`) ?? side.cloud.clientsFor(own, sourceIp);
    clients.set(`${caller} ${sourceIp}`, known);
    return known;
  };
  return {
    mint: (caller) => outcomeOf(subject.mint(caller).then((minted) => void keys.set(caller, minted))),
    ask: ({ caller, ask, sourceIp }) => {
      const request = IAM_ASKS[ask] ?? OTHER_ASKS[ask];
      if (request === undefined) throw new Error(`no such request: ${ask}`);
      return outcomeOf(request(clientsOf(caller, sourceIp), subject.names));
    },
  };
}
