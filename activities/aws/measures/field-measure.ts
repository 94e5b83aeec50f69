import type { IAMClient } from '@aws-sdk/client-iam';
import { permanent } from '../../../src/contracts/failures.js';
import type { MeasureResult, WriteInput } from '../../../src/contracts/measure.js';
import type { Json } from '../../../src/contracts/primitives.js';
import type { Principal } from '../../../src/contracts/principal.js';
import { canonicalJson } from '../../../src/domain/canonical-json.js';
import type { AccessScope } from '../../../src/ports/aws-access.js';
import { scopeOf } from '../aws-access.js';
import type { Measure, MeasureDeps } from './measure.js';

/** The field a measure sets: one value that can be read, written and compared. */
export interface Field {
  readonly principal: Principal;
  /** Policy ARN, policy name or access key id. */
  readonly target: string;
  readonly incidentId: string;
}

/** The field with the session that may touch its principal, and no other. */
export interface OpenField extends Field {
  readonly iam: IAMClient;
  readonly scope: AccessScope;
}

/** How one kind of field is read and written. `write` returns AWS's request ids. */
export interface FieldSpec {
  readonly name: Measure['name'];
  readonly layer: Measure['layer'];
  /** @default exact */
  readonly reversible?: Measure['reversible'];
  /** The value that contains. */
  readonly contained: (field: Field) => Json;
  /** Values that an undo may put back; a record is only as trustworthy as who could write it into Temporal. */
  readonly restorable: (before: Json, field: Field) => boolean;
  readonly read: (field: OpenField) => Promise<Json>;
  readonly write: (field: OpenField, value: Json) => Promise<string[]>;
}

/**
 * A measure that sets one field of the principal: check, act, report `before` and `after`; undo by
 * compare-and-set (aws-domain 3). Every step may be repeated: a write whose answer was lost is found done.
 */
export function createFieldMeasure(
  spec: FieldSpec,
  { authorize, access, now }: Pick<MeasureDeps, 'authorize' | 'access' | 'now'>,
): Measure {
  const open = (field: Field): OpenField => {
    const scope = scopeOf('Responder', field);
    return { ...field, scope, iam: access.iam(scope) };
  };

  async function apply(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const field = open({ principal: input.principal, target: input.call.target, incidentId: input.incidentId });
    const contained = spec.contained(field);
    const current = await spec.read(field);
    const changed = !same(current, contained);
    const requestIds = changed ? await spec.write(field, contained) : [];
    return {
      measure: spec.name,
      target: field.target,
      changed,
      before: beforeOf(input, { current, changed }),
      after: contained,
      at: now(),
      requestIds,
    };
  }

  async function undo(input: WriteInput): Promise<MeasureResult> {
    await authorize(input);
    const done = input.undo;
    if (!done) throw permanent('InvalidPayload', 'undo: expected the recorded result of the measure');
    const field = open({ principal: input.principal, target: done.target, incidentId: input.incidentId });
    // A record of something we never write would take away what others set.
    if (!same(done.after, spec.contained(field))) throw permanent('UnsafeAction', `the record to undo is not what ${spec.name} writes`);
    if (!spec.restorable(done.before, field)) throw permanent('UnsafeAction', `${spec.name} never puts back ${text(done.before)}`);
    const current = await spec.read(field);
    if (same(current, done.before)) return { ...done, changed: false, before: current, after: done.before, at: now(), requestIds: [] };
    if (!same(current, done.after)) {
      throw permanent(
        'PreconditionFailed',
        `${spec.name} ${done.target} is ${text(current)}, not ${text(done.after)} as we left it: somebody changed it since`,
      );
    }
    const requestIds = await spec.write(field, done.before);
    return { ...done, changed: true, before: current, after: done.before, at: now(), requestIds };
  }

  async function verify(field: Field): Promise<{ holds: boolean; found: string }> {
    const current = await spec.read(open(field));
    return { holds: same(current, spec.contained(field)), found: text(current) };
  }

  return { name: spec.name, layer: spec.layer, reversible: spec.reversible ?? 'exact', apply, undo, verify };
}

/**
 * The value undo goes back to. When the field already holds what we want, this may be the repeat of a write
 * whose answer was lost: then the value read for the plan counts. A re-apply keeps the first record.
 */
function beforeOf(input: WriteInput, seen: { current: Json; changed: boolean }): Json {
  if (input.reapply) return input.reapply.before;
  const planned = input.approvedPlan.before.find((row) => row.measure === input.call.measure && row.target === input.call.target);
  // A credential made in the compromise window is planned as `Inactive` although it was active: never armed again. Of a trust
  // policy only the one whose hash was signed may come back.
  const isPlannedOnly = input.call.layer === 'credential' || input.call.layer === 'trust';
  if (planned && (!seen.changed || isPlannedOnly)) return planned.value;
  return seen.current;
}

function same(a: Json, b: Json): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function text(value: Json): string {
  return typeof value === 'string' ? value.slice(0, 200) : canonicalJson(value).slice(0, 200);
}
