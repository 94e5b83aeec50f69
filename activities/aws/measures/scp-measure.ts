import { permanent } from '../../../src/contracts/failures.js';
import type { MeasureResult, WriteInput } from '../../../src/contracts/measure.js';
import type { ScpEntry, ScpOutcome } from '../../../src/contracts/quarantine-scp.js';
import { isObject } from '../../../src/domain/json-value.js';
import { scpSubjectOf, sessionOfScpTarget } from '../../../src/domain/planning/measure-calls.js';
import { holdsEntry } from '../../../src/domain/planning/scp-content.js';
import { scpSidOf, scpTargetOf } from '../../../src/domain/planning/scp-documents.js';
import type { Measure, MeasureDeps } from './measure.js';

type Subject = Pick<WriteInput, 'principal' | 'incidentId'> & { readonly target: string };

/**
 * Adds one entry to a quarantine SCP through its only writer: the deny that nobody in the account can take off (aws-domain 2.2).
 * `quarantineByScp` denies a principal, or one session of a role, everything; `freezeMinting` denies everybody but incident response
 * what makes new access in the account. Needs `organizations:DescribePolicy` and, for the writer, `organizations:UpdatePolicy`, on
 * the quarantine policies.
 *
 * @throws QuotaExceeded, permanent: no prepared policy has room. UnsafeAction, permanent: not authorized, or no SCP may bind us.
 * @throws PreconditionFailed, permanent, on undo: somebody changed the entry.
 * @throws PermissionDenied, permanent; Throttled, ConflictInFlight, transient.
 */
export function createScpMeasure(name: 'quarantineByScp' | 'freezeMinting', { authorize, scps, now }: MeasureDeps): Measure {
  const entryOf = ({ principal, incidentId, target }: Subject): ScpEntry => ({
    incidentId,
    subject:
      name === 'freezeMinting' ? { kind: 'minting', account: principal.account } : scpSubjectOf(principal, sessionOfScpTarget(target)),
  });

  async function apply(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const entry = entryOf({ ...input, target: input.call.target });
    const outcome = accepted(await scps.change({ do: 'add', entry, input }));
    return {
      measure: name,
      target: scpTargetOf(entry.subject),
      changed: outcome.result === 'changed',
      before: 'absent',
      after: { policyId: outcome.policyId, sid: scpSidOf(entry) },
      at: now(),
      requestIds: outcome.requestIds,
    };
  }

  async function undo(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const done = input.undo;
    const entry = entryOf({ ...input, target: done?.target ?? '' });
    const after = isObject(done?.after) ? done.after : {};
    const { policyId, sid } = after;
    if (!done || typeof policyId !== 'string' || sid !== scpSidOf(entry))
      throw permanent('UnsafeAction', `the record to undo is not what ${name} writes`);
    const outcome = accepted(await scps.change({ do: 'remove', entry, input }, policyId));
    const changed = outcome.result === 'changed';
    return { ...done, changed, before: done.after, after: 'absent', at: now(), requestIds: outcome.requestIds };
  }

  return {
    name,
    layer: 'scp',
    reversible: 'exact',
    apply,
    undo,
    async verify(subject) {
      const entry = entryOf(subject);
      const contents = await scps.contents();
      const holder = [...contents].find(([, content]) => holdsEntry(content, entry))?.[0];
      return holder === undefined ? { holds: false, found: 'absent' } : { holds: true, found: holder };
    },
  };
}

function accepted(outcome: ScpOutcome): ScpOutcome {
  const { result, policyId, detail } = outcome;
  if (result === 'full') throw permanent('QuotaExceeded', `quarantine SCP ${policyId} is full: ${detail}`);
  if (result === 'conflict') throw permanent('PreconditionFailed', `quarantine SCP ${policyId}: ${detail}`);
  if (result === 'refused') throw permanent('UnsafeAction', `quarantine SCP ${policyId}: ${detail}`);
  return outcome;
}
