import { createCast } from './actors/cast.js';
import { createHoldings } from './actors/holdings.js';
import { appearanceOf, scriptsOf } from './actors/roster.js';
import { sharersOf } from './actors/thefts.js';
import { createAlarm } from './alerts/alarm.js';
import { watchAttacker } from './alerts/watch-attacker.js';
import { buildWorld } from './build-world.js';
import { realClock } from './clock/clock.js';
import { identitiesOf } from './identities.js';
import { observe } from './observe.js';
import { createRandom } from './random/random.js';
import type { Range, RangeOptions } from './range.js';
import { loadScenario } from './scenario/load.js';
import type { Scenario } from './scenario/schema.js';
import { verdictPage } from './views.js';
import { listen } from './wire/http-server.js';
import { createRequestHandler } from './wire/request-handler.js';

/**
 * Starts a simulated AWS account, alone or in its organization, by a scenario. Nobody acts in it until `startActors`.
 *
 * @throws Error when the scenario is unknown or wrong, or the port is taken
 */
export async function startRange(options: RangeOptions = {}): Promise<Range> {
  const { clock = realClock, seed = 1, port, onAlert = () => undefined, onNarrate: narrate = () => undefined } = options;
  const { theft = 'userKey', attacker = 'opportunist', otherResponder: hasOtherResponder = false } = options;
  const scenario = asOptioned(await loadScenario(options.scenario ?? 'leaked-user-key'), options);
  const random = createRandom(seed);
  const { afterSeconds: after, repeatAfterSeconds: repeatAfter } = scenario.alerts;
  const alarm = createAlarm({ clock, random: random.fork('alerts'), after, repeatAfter, isPublic: theft === 'userKey', onAlert });
  const world = buildWorld(scenario, { options, clock, random, alarm });
  const { account, identityCenter, instances, handouts, tenants, log, latency, handle } = world;
  const identities = identitiesOf(scenario, world);
  const accounts = tenants.accounts();
  const holdings = createHoldings();
  const { address: ownAddress } = appearanceOf({ scenario, attacker });
  const observation = observe(world, { scenario, clock, holdings, ownAddress, sharers: sharersOf(theft, scenario) });

  const pages = { '/_range/verdict': () => verdictPage(observation.ledger(), observation.attackerAccess()) };
  const server = port === undefined ? undefined : await listen(port, { handle, pages });
  const endpoint = server?.url ?? '';
  const requestHandler = createRequestHandler(handle);

  watchAttacker(alarm, { accounts, scenario, log, holdings });
  const scripts = scriptsOf({
    ...{ scenario, attacker, theft, hasOtherResponder, identities, accounts, instances, handouts, holdings },
    userKeys: observation.accountKeys[account.id] ?? {},
    rootKey: observation.rootKeys[account.id],
    connection: { endpoint, requestHandler },
  });
  const cast = createCast({ clock, random: random.fork('cast'), narrate, scripts });

  /** Nobody waits for the time of a clock that stands still. */
  const stopActors = async (): Promise<void> => {
    const resume = latency.skip();
    await cast.stop();
    resume();
  };

  return {
    endpoint,
    requestHandler,
    ...observation,
    identities,
    actorNames: cast.names,
    startActors: cast.start,
    stopActors,
    alertsSent: alarm.sent,
    stop: async () => {
      alarm.stop();
      identityCenter?.stop();
      await stopActors();
      await server?.close();
    },
  };
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
