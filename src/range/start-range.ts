import { createCast } from './actors/cast.js';
import { createHoldings } from './actors/holdings.js';
import { appearanceOf } from './actors/attacker-script.js';
import { scriptsOf, type RosterDeps } from './actors/roster.js';
import { sharersOf } from './actors/thefts.js';
import { createAlarm } from './alerts/alarm.js';
import { watchAttacker } from './alerts/watch-attacker.js';
import { buildWorld, type World } from './build-world.js';
import { realClock } from './clock/clock.js';
import { identitiesOf } from './identities.js';
import { observe, type Observation } from './observe.js';
import { createRandom } from './random/random.js';
import type { Range, RangeOptions } from './range.js';
import { loadScenario } from './scenario/load.js';
import type { Scenario } from './scenario/schema.js';
import { verdictPage } from './views.js';
import { listen } from './wire/http-server.js';
import { openAlertQueue } from './sqs/open-alert-queue.js';
import { createRequestHandler } from './wire/request-handler.js';

/**
 * Starts a simulated AWS account, alone or in its organization, by a scenario. Nobody acts in it until `startActors`.
 *
 * @throws Error when the scenario is unknown or wrong, or the port is taken
 */
export async function startRange(options: RangeOptions = {}): Promise<Range> {
  const { clock = realClock, seed = 1, port, onAlert = () => undefined, onNarrate: narrate = () => undefined } = options;
  const { theft = 'userKey', attacker = 'opportunist' } = options;
  const scenario = asOptioned(await loadScenario(options.scenario ?? 'leaked-user-key'), options);
  const random = createRandom(seed);
  const { afterSeconds: after, repeatAfterSeconds: repeatAfter } = scenario.alerts;
  const hearers = [onAlert];
  const tell = (message: unknown): void => hearers.forEach((hear) => hear(message));
  const alarm = createAlarm({ clock, random: random.fork('alerts'), after, repeatAfter, isPublic: theft === 'userKey', onAlert: tell });
  const world = buildWorld(scenario, { options, clock, random, alarm });
  const { identityCenter, log, latency, handle } = world;
  const identities = identitiesOf(scenario, world);
  const opened = openAlertQueue(options.alertQueue, { world, identities, random, region: scenario.alerts.region });
  if (opened !== undefined) hearers.push(opened.deliver);
  const holdings = createHoldings();
  const { address: ownAddress } = appearanceOf({ scenario, attacker });
  const observation = observe(world, { scenario, clock, holdings, ownAddress, sharers: sharersOf(theft, scenario) });

  const connection = { endpoint: '', requestHandler: createRequestHandler(handle) };
  watchAttacker(alarm, { accounts: world.tenants.accounts(), scenario, log, holdings });
  const scripts = scriptsOf({
    ...whatIsThere(world, { scenario, holdings, identities, observation }),
    theft,
    attacker,
    hasOtherResponder: options.otherResponder ?? false,
    connection,
  });
  const cast = createCast({ clock, random: random.fork('cast'), narrate, scripts });

  const pages = { '/_range/verdict': () => verdictPage(observation.ledger(), observation.attackerAccess()) };
  const server = port === undefined ? undefined : await listen(port, { handle, pages });
  connection.endpoint = server?.url ?? '';

  /** Nobody waits for the time of a clock that stands still. */
  const stopActors = async (): Promise<void> => {
    const resume = latency.skip();
    await cast.stop();
    resume();
  };

  return {
    ...connection,
    ...observation,
    identities,
    ...(opened === undefined ? {} : { alertQueueUrl: opened.url }),
    actorNames: cast.names,
    startActors: cast.start,
    stopActors,
    alertsSent: alarm.sent,
    stop: async () => {
      alarm.stop();
      identityCenter?.stop();
      world.stopQueues();
      await stopActors();
      await server?.close();
    },
  };
}

/** What the actors find, whoever attacks and however. */
function whatIsThere(
  { account, instances, handouts, tenants }: World,
  { observation, ...rest }: { observation: Observation } & Pick<RosterDeps, 'scenario' | 'holdings' | 'identities'>,
): Omit<RosterDeps, 'theft' | 'attacker' | 'hasOtherResponder' | 'connection'> {
  const userKeys = observation.accountKeys[account.id] ?? {};
  return { ...rest, accounts: tenants.accounts(), instances, handouts, userKeys, rootKey: observation.rootKeys[account.id] };
}

/** The scenario with what the caller decides in its place; root has a key where one is to be stolen. */
function asOptioned(scenario: Scenario, { attackerMakes = scenario.cast.opportunist.attackerMakes, theft }: RangeOptions): Scenario {
  const { cast, rootUser } = scenario;
  return {
    ...scenario,
    cast: { ...cast, opportunist: { ...cast.opportunist, attackerMakes } },
    ...(theft !== 'memberRoot' || rootUser === undefined ? {} : { rootUser: { ...rootUser, hasKey: true } }),
  };
}
