/** One statement, in the shape AWS takes. */
export type Statement = {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

/** Everywhere a policy can stand that decides about one of the callers. `trust` is that of the role some requests assume. */
export const LAYERS = [
  'userInline',
  'userManaged',
  'groupInline',
  'groupManaged',
  'userBoundary',
  'roleInline',
  'roleManaged',
  'roleBoundary',
  'session',
  'trust',
] as const;

/** One of them. */
export type Layer = (typeof LAYERS)[number];

/** The policies around one user and one role; a layer without statements is not there at all. */
export type World = Readonly<Partial<Record<Layer, readonly Statement[]>>>;

/** Whose credentials make a request. */
export const CALLERS = ['userKey', 'sessionToken', 'roleSession', 'federatedUser'] as const;

/** One of them. */
export type Caller = (typeof CALLERS)[number];

/** The layers that a caller's requests depend on. */
export const LAYERS_OF: Readonly<Record<Caller, readonly Layer[]>> = {
  userKey: ['userInline', 'userManaged', 'groupInline', 'groupManaged', 'userBoundary', 'trust'],
  sessionToken: ['userInline', 'userManaged', 'groupInline', 'groupManaged', 'userBoundary', 'trust'],
  roleSession: ['roleInline', 'roleManaged', 'roleBoundary', 'session', 'trust'],
  federatedUser: ['userInline', 'userManaged', 'groupInline', 'groupManaged', 'userBoundary', 'session'],
};

/** A policy's text; words in angle brackets stand for what has another name or id in each world and cloud. */
export function policyText(statements: readonly Statement[], names: Readonly<Record<string, string>>): string {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  return text.replace(/<(\w+)>/g, (_whole, name: string) => {
    const value = names[name];
    if (value === undefined) throw new Error(`a policy names <${name}>, which this world has not`);
    return value;
  });
}

/** Whether policies of some layers, of all when none are named, say something. */
export function says(world: World, text: RegExp, layers: readonly Layer[] = LAYERS): boolean {
  return layers.some((layer) => text.test(JSON.stringify(world[layer] ?? [])));
}
