import { reconcileSchedule } from '../../adapters/temporal/reconcile-schedule.js';
import { SEARCH_ATTRIBUTES } from '../../contracts/search-attributes.js';
import { missingSearchAttributes } from '../../temporal-server/register-search-attributes.js';
import type { CliContext, Session } from '../context.js';
import { shortMessage, type Finding } from './finding.js';

/** A hold lasts 36 hours and follow-up weeks: a closed run must stay readable that long. */
const WANTED_RETENTION_DAYS = 90;

/** Temporal reachable, namespace with retention, search attributes, the schedule of `reconcile`. */
export async function temporalChecks(context: CliContext): Promise<Finding[]> {
  try {
    return await context.withTemporal(async (session) => [
      { check: 'temporal', status: 'ok', detail: 'reachable' },
      await namespaceCheck(session),
      await attributesCheck(session),
      await scheduleCheck(session),
    ]);
  } catch (error) {
    const fix = 'start Temporal or set TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE';
    return [{ check: 'temporal', status: 'fail', detail: shortMessage(error), fix }];
  }
}

async function namespaceCheck({ connection, namespace }: Session): Promise<Finding> {
  try {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const days = Math.floor(Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) / 86_400);
    if (days >= WANTED_RETENTION_DAYS) return { check: 'namespace', status: 'ok', detail: `${namespace}, retention ${days} days` };
    return {
      check: 'namespace',
      status: 'warn',
      detail: `${namespace} keeps closed runs ${days} days only`,
      fix: `temporal operator namespace update -n ${namespace} --retention 90d`,
    };
  } catch (error) {
    return {
      check: 'namespace',
      status: 'fail',
      detail: `${namespace}: ${shortMessage(error)}`,
      fix: `temporal operator namespace create -n ${namespace} --retention 90d`,
    };
  }
}

async function attributesCheck({ connection, namespace }: Session): Promise<Finding> {
  const keys = Object.values(SEARCH_ATTRIBUTES);
  try {
    const missing = new Set(await missingSearchAttributes(connection, namespace, keys));
    if (missing.size === 0) return { check: 'searchAttributes', status: 'ok', detail: `all ${keys.length} are registered` };
    const flags = keys.filter((key) => missing.has(key.name)).map((key) => `--name ${key.name} --type ${typeName(key.type)}`);
    const fix = `temporal operator search-attribute create -n ${namespace} ${flags.join(' ')}`;
    return { check: 'searchAttributes', status: 'fail', detail: `missing: ${[...missing].join(', ')}`, fix };
  } catch (error) {
    const fix = 'on Temporal Cloud create them in its UI; they cannot be checked from here';
    return { check: 'searchAttributes', status: 'warn', detail: shortMessage(error), fix };
  }
}

async function scheduleCheck({ client }: Session): Promise<Finding> {
  const check = 'reconcileSchedule';
  try {
    const schedule = await reconcileSchedule(client);
    if (schedule === undefined)
      return {
        check,
        status: 'warn',
        detail: 'there is none: what ends too early does not come back',
        fix: 'start `tourniquet worker`, it makes it',
      };
    if (schedule.paused)
      return {
        check,
        status: 'warn',
        detail: `paused: ${schedule.note || 'no reason given'}`,
        fix: 'temporal schedule toggle --unpause --schedule-id reconcile',
      };
    return { check, status: 'ok', detail: `next round ${schedule.nextAt?.toISOString() ?? 'soon'}` };
  } catch (error) {
    return { check, status: 'warn', detail: shortMessage(error), fix: 'allow schedules in this namespace' };
  }
}

/** `KEYWORD_LIST` → `KeywordList`, as the temporal CLI wants it. */
function typeName(type: string): string {
  return type
    .toLowerCase()
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
