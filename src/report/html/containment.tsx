import type { VNode } from 'preact';
import type { ContainmentRecord, IncidentRecord } from '../../contracts/record.js';
import { Badge, Code, Lines, Table, Text, Time } from './parts.js';

/** Per principal: applied, effective, proven or not, what the claim rests on and what it does not cover. */
export function Containments({ record }: { readonly record: IncidentRecord }): VNode {
  return (
    <>
      <p class="note">
        Applied: AWS accepted every call. Effective: from here no call of the principal succeeded. Proven: a positive sign, and CloudTrail
        read over the quiet window without a success. By itself, applied proves nothing.
      </p>
      <Table
        head={['Principal', 'Applied, effective, proven', 'What the claim rests on', 'Its limits']}
        widths={[23, 21, 28, 28]}
        rows={worstFirst(record.containments).map((one) => [
          <>
            <Code of={one.principalArn} />
            <State one={one} />
          </>,
          <Times one={one} />,
          <Lines of={one.provenBy} none="nothing: not proven" />,
          <Lines of={one.limits} none="none stated" />,
        ])}
        none="No principal was in scope: nothing was contained."
      />
    </>
  );
}

/** What is not proven must not hide below what is. */
function worstFirst(containments: readonly ContainmentRecord[]): ContainmentRecord[] {
  return containments.toSorted((a, b) => Number(a.provenAt !== undefined) - Number(b.provenAt !== undefined));
}

function Times({ one }: { readonly one: ContainmentRecord }): VNode {
  const { appliedAt, effectiveFromAt, provenAt, withdrawn } = one;
  return (
    <>
      {provenAt === undefined ? <Badge tone="bad">NOT PROVEN</Badge> : <Badge tone="good">proven</Badge>} <Time at={provenAt} none="" />
      {withdrawn > 0 ? <div>proof withdrawn {withdrawn}×</div> : null}
      <div>
        applied <Time at={appliedAt} none="not yet" />
      </div>
      <div>effective from {provenAt === undefined ? <span class="none">not known</span> : <Time at={effectiveFromAt} />}</div>
    </>
  );
}

function State({ one }: { readonly one: ContainmentRecord }): VNode {
  return (
    <>
      <div>
        <strong>
          <Text of={one.state} />
        </strong>
        , tier <Text of={one.tier} />, {one.automated ? 'automated' : one.appliedAt === undefined ? 'nothing written' : 'by hand'}
      </div>
      {one.drifts > 0 ? <div>put back {one.drifts}× after drift</div> : null}
      {one.releasedAt === undefined ? null : (
        <div>
          released <Time at={one.releasedAt} />
        </div>
      )}
    </>
  );
}
