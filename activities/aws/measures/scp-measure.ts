import { permanent } from '../../../src/contracts/failures.js';
import type { MeasureResult, WriteInput } from '../../../src/contracts/measure.js';
import type { ScpChange, ScpEntry, ScpOutcome } from '../../../src/contracts/quarantine-scp.js';
import { isObject } from '../../../src/domain/json-value.js';
import { scpSubjectOf, sessionOfScpTarget } from '../../../src/domain/planning/measure-calls.js';
import { holdsEntry } from '../../../src/domain/planning/scp-content.js';
import { scpSidOf, scpTargetOf } from '../../../src/domain/planning/scp-documents.js';
import type { QuarantineScps } from '../../../src/ports/quarantine-scps.js';
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
    const outcome = accepted(await addEntry(scps, { do: 'add', entry, input }));
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
    const policyId = policyIdOf(done);
    const sid = isObject(done?.after) ? done.after['sid'] : undefined;
    if (!done || done.before !== 'absent' || policyId === undefined || sid !== scpSidOf(entry))
      throw permanent('UnsafeAction', `the record to undo is not what ${name} writes`);
    const outcomes: ScpOutcome[] = [];
    // One that was put back may be in another policy than the recorded one.
    for (const id of new Set([policyId, ...(await holdersOf(scps, entry))]))
      outcomes.push(accepted(await scps.change({ do: 'remove', entry, input }, id)));
    const changed = outcomes.some(({ result }) => result === 'changed');
    const requestIds = outcomes.flatMap((outcome) => outcome.requestIds);
    return { ...done, changed, before: done.after, after: 'absent', at: now(), requestIds };
  }

  return {
    name,
    layer: 'scp',
    reversible: 'exact',
    apply,
    undo,
    async verify(subject) {
      const [holder] = await holdersOf(scps, entryOf(subject));
      return holder === undefined ? { holds: false, found: 'absent' } : { holds: true, found: holder };
    },
  };
}

/** A repeat goes to the policy that has the entry already, and a re-apply to the one it was recorded in, whatever has room by now. */
async function addEntry(scps: QuarantineScps, change: ScpChange): Promise<ScpOutcome> {
  const known = (await holdersOf(scps, change.entry))[0] ?? policyIdOf(change.input.reapply);
  if (known === undefined) return scps.change(change);
  const outcome = await scps.change(change, known);
  return outcome.result === 'full' ? scps.change(change) : outcome;
}

/** The policies that hold an entry exactly as it is written. */
async function holdersOf(scps: QuarantineScps, entry: ScpEntry): Promise<string[]> {
  return [...(await scps.contents())].filter(([, content]) => holdsEntry(content, entry)).map(([policyId]) => policyId);
}

function policyIdOf(recorded: MeasureResult | undefined): string | undefined {
  const policyId = isObject(recorded?.after) ? recorded.after['policyId'] : undefined;
  return typeof policyId === 'string' ? policyId : undefined;
}

function accepted(outcome: ScpOutcome): ScpOutcome {
  const { result, policyId, detail } = outcome;
  if (result === 'full') throw permanent('QuotaExceeded', `quarantine SCP ${policyId} is full: ${detail}`);
  if (result === 'conflict') throw permanent('PreconditionFailed', `quarantine SCP ${policyId}: ${detail}`);
  if (result === 'refused') throw permanent('UnsafeAction', `quarantine SCP ${policyId}: ${detail}`);
  return outcome;
}
