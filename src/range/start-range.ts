import { attackerAccess } from './attacker-access.js';
import { createCast } from './actors/cast.js';
import { writeHistory } from './actors/history.js';
import { pastsOf, scriptsOf } from './actors/roster.js';
import { createAlarm } from './alerts/alarm.js';
import { realClock } from './clock/clock.js';
import { createCloudTrailOperations } from './cloudtrail/operations.js';
import { createRecorder } from './cloudtrail/recorder.js';
import { createFaults } from './faults/faults.js';
import { createPropagation } from './facets/propagation.js';
import { createAccount } from './iam/account.js';
import { iamOperations } from './iam/operations/index.js';
import { snapshotOf } from './iam/snapshot.js';
import { createRandom } from './random/random.js';
import type { IdentityKey, Range, RangeOptions } from './range.js';
import { buildAccount, firstKeyOf } from './scenario/build-account.js';
import { loadScenario } from './scenario/load.js';
import { createCallLog } from './server/call-log.js';
import { createPipeline } from './server/pipeline.js';
import { stsOperations } from './sts/operations.js';
import { toLedgerEntry, writesOf } from './views.js';
import { listen } from './wire/http-server.js';
import { createRequestHandler } from './wire/request-handler.js';

/**
 * Starts a simulated AWS account by a scenario. Nobody acts in it until `startActors`.
 *
 * @throws Error when the scenario is unknown or wrong, or the port is taken
 */
export async function startRange(options: RangeOptions = {}): Promise<Range> {
  const { clock = realClock, seed = 1, staleReads = false, quarantinePolicyPresent = true } = options;
  const scenario = await loadScenario(options.scenario ?? 'leaked-user-key');
  const random = createRandom(seed);
  const startedAt = clock.now();

  const lag = options.propagationSeconds ?? scenario.propagationSeconds;
  const propagation = createPropagation({ clock, random: random.fork('propagation'), lag, staleReads });
  const account = createAccount({ ...scenario.account, clock, random: random.fork('account'), propagation });
  buildAccount(account, scenario, { now: startedAt, quarantinePolicyPresent });

  const recorder = createRecorder({
    random: random.fork('delivery'),
    delay: options.cloudTrailDelaySeconds ?? scenario.cloudTrailDelaySeconds,
  });
  const operations = { iam: iamOperations, sts: stsOperations, cloudtrail: createCloudTrailOperations(recorder) };
  writeHistory(
    { account, recorder, random: random.fork('history'), operations },
    { ...scenario.history, pasts: pastsOf(account, scenario), now: startedAt },
  );

  const faults = createFaults();
  const log = createCallLog();
  const handle = createPipeline({ account, clock, random: random.fork('calls'), recorder, faults, log, operations });
  const requestHandler = createRequestHandler(handle);

  const identity = (userName: string): IdentityKey => {
    const { accessKeyId, secretAccessKey } = firstKeyOf(account, userName).key;
    return { accessKeyId, secretAccessKey, userName };
  };
  const { responder, innocent, leaked, admin } = scenario.identities;
  const identities = {
    responder: identity(responder),
    innocent: identity(innocent),
    benign: identity(scenario.cast.benign.user),
    leaked: identity(leaked),
    admin: identity(admin),
  };
  const ledger = () => log.all().flatMap((call) => toLedgerEntry(call) ?? []);
  const access = () =>
    attackerAccess(account, {
      leakedKeyId: identities.leaked.accessKeyId,
      ownAddress: scenario.cast.opportunist.address,
      usualAddress: scenario.cast.benign.address,
      at: clock.now(),
    });

  const pages = {
    '/_range/verdict': () => ({
      ledger: ledger().filter(({ actor }) => actor === 'opportunist'),
      survivors: access().filter(({ alive }) => alive),
      attackerAccess: access(),
    }),
  };
  const server = options.port === undefined ? undefined : await listen(options.port, { handle, pages });
  const endpoint = server?.url ?? '';

  const alarm = createAlarm({
    clock,
    random: random.fork('alerts'),
    after: scenario.alerts.afterSeconds,
    repeatAfter: scenario.alerts.repeatAfterSeconds,
    onAlert: options.onAlert ?? (() => undefined),
  });
  log.onCall(({ actor, api, at, allowed }) => {
    // GuardDuty does not report GetCallerIdentity: the first call that reads something counts.
    if (actor !== 'opportunist' || !allowed || api === 'sts:GetCallerIdentity') return;
    const [service = '', name = ''] = api.split(':');
    const { user, key } = firstKeyOf(account, leaked);
    alarm.sighted({
      accountId: account.id,
      region: scenario.alerts.region,
      accessKeyId: key.accessKeyId,
      userName: user.name,
      userId: user.id,
      address: scenario.cast.opportunist.address,
      api: name,
      service,
      firstSeenAt: Date.parse(at),
    });
  });
  const cast = createCast({
    clock,
    random: random.fork('cast'),
    narrate: options.onNarrate ?? (() => undefined),
    scripts: scriptsOf({ scenario, identities, connection: { endpoint, requestHandler } }),
  });

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
