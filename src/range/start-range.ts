import { attackerAccess, type AttackerAccess } from './attacker-access.js';
import { createCast } from './actors/cast.js';
import { scriptsOf } from './actors/roster.js';
import { createAlarm } from './alerts/alarm.js';
import { watchAttacker } from './alerts/watch-attacker.js';
import { buildWorld } from './build-world.js';
import { realClock } from './clock/clock.js';
import { snapshotOf } from './iam/snapshot.js';
import { identitiesOf } from './identities.js';
import { createRandom } from './random/random.js';
import type { LedgerEntry, Range, RangeOptions } from './range.js';
import { outsideKeyOf } from './scenario/build-account.js';
import { loadScenario } from './scenario/load.js';
import type { Scenario } from './scenario/schema.js';
import { toLedgerEntry, verdictPage, writesOf } from './views.js';
import { listen } from './wire/http-server.js';
import { createRequestHandler } from './wire/request-handler.js';

/**
 * Starts a simulated AWS account by a scenario. Nobody acts in it until `startActors`.
 *
 * @throws Error when the scenario is unknown or wrong, or the port is taken
 */
export async function startRange(options: RangeOptions = {}): Promise<Range> {
  const { clock = realClock, seed = 1, port, onAlert = () => undefined, onNarrate: narrate = () => undefined } = options;
  const scenario = asOptioned(await loadScenario(options.scenario ?? 'leaked-user-key'), options);
  const random = createRandom(seed);
  const { afterSeconds: after, repeatAfterSeconds: repeatAfter } = scenario.alerts;
  const alarm = createAlarm({ clock, random: random.fork('alerts'), after, repeatAfter, onAlert });
  const { account, instances, recorder, faults, log, handle } = buildWorld(scenario, { options, clock, random, alarm });
  const identities = identitiesOf(account, scenario);

  const ledger = (): LedgerEntry[] => log.all().flatMap((call) => toLedgerEntry(call) ?? []);
  const attacker = {
    leakedKeyId: identities.leaked.accessKeyId,
    outsideKey: outsideKeyOf(account),
    ownAddress: scenario.cast.opportunist.address,
    usualAddress: scenario.cast.benign.address,
  };
  const access = (): AttackerAccess[] => attackerAccess(account, { ...attacker, at: clock.now() });

  const pages = { '/_range/verdict': () => verdictPage(ledger(), access()) };
  const server = port === undefined ? undefined : await listen(port, { handle, pages });
  const endpoint = server?.url ?? '';
  const requestHandler = createRequestHandler(handle);

  watchAttacker(alarm, { account, scenario, log });
  const scripts = scriptsOf({ scenario, identities, connection: { endpoint, requestHandler } });
  const cast = createCast({ clock, random: random.fork('cast'), narrate, scripts });

  return {
    endpoint,
    requestHandler,
    accountId: account.id,
    identities,
    actorNames: cast.names,
    faults,
    startActors: cast.start,
    stopActors: cast.stop,
    ledger,
    recorded: () => recorder.all().map(({ record }) => record),
    iamState: () => snapshotOf(account),
    instances: () => instances.all().map(({ id, region, state }) => ({ id, region, state })),
    attackerAccess: access,
    writesBy: (accessKeyId) => writesOf(log.all(), accessKeyId),
    alertsSent: alarm.sent,
    stop: async () => {
      alarm.stop();
      await cast.stop();
      await server?.close();
    },
  };
}

/** The scenario with what the caller decides in its place. */
function asOptioned(scenario: Scenario, { attackerMakes = scenario.cast.opportunist.attackerMakes }: RangeOptions): Scenario {
  const { cast } = scenario;
  return { ...scenario, cast: { ...cast, opportunist: { ...cast.opportunist, attackerMakes } } };
}
