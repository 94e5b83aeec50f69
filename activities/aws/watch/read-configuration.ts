import {
  type ContextEntry,
  GetRoleCommand,
  GetUserCommand,
  ListAccessKeysCommand,
  NoSuchEntityException,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { ApplicationFailure } from '@temporalio/common';
import type { MeasureName } from '../../../src/contracts/plan.js';
import { type Configuration, UNREADABLE, type WatchInput } from '../../../src/contracts/watch.js';
import { scopeOf } from '../aws-access.js';
import type { WatchDeps, WatchPace } from './watch-deps.js';

/** Actions whose refusal shows that the principal can neither come back nor take anything (aws-domain 2.4, V2). */
const PROBED_ACTIONS = ['iam:CreateAccessKey', 'iam:CreateUser', 'sts:AssumeRole', 's3:ListAllMyBuckets', 'ec2:RunInstances'];

/** Measures not found as written (aws-domain 2.4, V1). What cannot be read is neither for nor against. */
export async function readBack(
  input: WatchInput,
  { measures, cancelled }: Pick<WatchDeps, 'measures'> & Pick<WatchPace, 'cancelled'>,
): Promise<Configuration['missing']> {
  const { principal, incidentId } = input;
  const found = await Promise.all(
    input.watched.map(async ({ measure, target }) => {
      const recorded = recordedOf(input, { measure, target });
      try {
        const subject = { principal, incidentId, target, ...(recorded === undefined ? {} : { recorded }) };
        return { measure, target, ...(await measures[measure].verify(subject)) };
      } catch (error) {
        if (cancelled()) throw error;
        return { measure, target, holds: false, found: `${UNREADABLE}${reasonOf(error)}` };
      }
    }),
  );
  return found.filter(({ holds }) => !holds).map(({ measure, target, found: text }) => ({ measure, target, found: text }));
}

/** What a measure was recorded to have done. */
export function recordedOf(
  { results }: WatchInput,
  row: { measure: MeasureName; target: string },
): WatchInput['results'][number] | undefined {
  return results.find(({ measure, target }) => measure === row.measure && target === row.target);
}

/** With the principal all its credentials and sessions have ended: that is no drift. */
export async function isGone({ access }: Pick<WatchDeps, 'access'>, input: WatchInput): Promise<boolean> {
  const { kind, name } = input.principal;
  if (kind !== 'user' && kind !== 'role') return false;
  const iam = access.iam(scopeOf('Responder', input));
  try {
    await (kind === 'role' ? iam.send(new GetRoleCommand({ RoleName: name })) : iam.send(new GetUserCommand({ UserName: name })));
    return false;
  } catch (error) {
    return error instanceof NoSuchEntityException;
  }
}

/** The policies' logic, as AWS's own simulator sees it (aws-domain 2.4, V2): as each session that is stopped, or as the principal. */
export async function simulate(
  { access }: Pick<WatchDeps, 'access'>,
  input: WatchInput,
): Promise<{ decision: Configuration['simulation']; notes: string[] }> {
  const { kind, arn } = input.principal;
  if (kind !== 'user' && kind !== 'role') return { decision: 'unavailable', notes: ['the simulator does not know this kind of principal'] };
  const iam = access.iam(scopeOf('Responder', input));
  try {
    const answers = await Promise.all(
      contextsOf(input).map((ContextEntries) =>
        iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: PROBED_ACTIONS, ContextEntries })),
      ),
    );
    const results = answers.flatMap(({ EvaluationResults = [] }) => EvaluationResults);
    const open = results.filter(({ EvalDecision }) => EvalDecision !== 'explicitDeny').map(({ EvalActionName = '?' }) => EvalActionName);
    if (results.length === 0) return { decision: 'unavailable', notes: ['the simulation gave no answer'] };
    return open.length === 0
      ? { decision: 'explicitDeny', notes: [] }
      : { decision: 'notDenied', notes: [`simulation does not deny ${open.join(', ')}`] };
  } catch (error) {
    return { decision: 'unavailable', notes: [`the simulation is unavailable: ${reasonOf(error)}`] };
  }
}

/** One simulation for each session that alone is stopped; else one of the whole principal. */
function contextsOf({ principal, watched }: WatchInput): ContextEntry[][] {
  const sessions = watched.filter(({ measure }) => measure === 'denySession').map(({ target }) => target);
  if (sessions.length === 0) return [[]];
  return sessions.map((session) => [
    { ContextKeyName: 'aws:userid', ContextKeyType: 'string', ContextKeyValues: [`${principal.uniqueId}:${session}`] },
  ]);
}

/** Every key of the user as it is now, so that one made since the plan is seen. */
export async function readKeys({ access }: Pick<WatchDeps, 'access'>, input: WatchInput): Promise<{ inactive: boolean; notes: string[] }> {
  const { principal, approvedPlan } = input;
  // Only users have keys that can be listed: of others a refused call is the proof.
  if (principal.kind !== 'user') return { inactive: false, notes: [] };
  try {
    const iam = access.iam(scopeOf('Responder', input));
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: principal.name }));
    const active = AccessKeyMetadata.filter((key) => key.Status !== 'Inactive').map((key) => key.AccessKeyId ?? '?');
    const planned = new Set(approvedPlan.measures.map((measure) => measure.target));
    const made = AccessKeyMetadata.map((key) => key.AccessKeyId ?? '?').filter((id) => !planned.has(id));
    return {
      inactive: active.length === 0,
      notes: made.map((id) => `access key ${id} was made after the plan: denied like the user, not deactivated`),
    };
  } catch (error) {
    return { inactive: false, notes: [`keys could not be listed: ${reasonOf(error)}`] };
  }
}

/** A failure in a few words, for journals. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApplicationFailure) return `${error.type ?? 'failure'}: ${error.message}`.slice(0, 300);
  return error instanceof Error ? error.name : 'failed';
}
