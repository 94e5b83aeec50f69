import type { VNode } from 'preact';
import type { ContainmentRecord, IncidentRecord } from '../../contracts/record.js';
import { Badge, Code, Lines, Table, Time } from './parts.js';

/** Per principal: applied, effective, proven or not, what the claim rests on and what it does not cover. */
export function Containments({ record }: { readonly record: IncidentRecord }): VNode {
  return (
    <>
      <Table
        head={['Principal', 'State', 'Applied', 'Effective from', 'Proven', 'What the claim rests on', 'Its limits']}
        widths={[18, 11, 9, 9, 12, 21, 20]}
        rows={record.containments.map((one) => [
          <Code of={one.principalArn} />,
          <State one={one} />,
          <Time at={one.appliedAt} none="not applied" />,
          one.provenAt === undefined ? <span class="none">not proven</span> : <Time at={one.effectiveFromAt} />,
          <Proven one={one} />,
          <Lines of={one.provenBy} none="nothing: not proven" />,
          <Lines of={one.limits} none="none stated" />,
        ])}
        none="No principal was in scope: nothing was contained."
      />
      <p class="note">
        Applied: AWS accepted every call. Effective: from here no call of the principal succeeded. Proven: a positive sign, and CloudTrail
        read over the quiet window without a success. By itself, applied proves nothing.
      </p>
    </>
  );
}

function Proven({ one }: { readonly one: ContainmentRecord }): VNode {
  const withdrawn = one.withdrawn > 0 ? <div>withdrawn {one.withdrawn}×</div> : null;
  return (
    <>
      {one.provenAt === undefined ? <Badge tone="bad">NOT PROVEN</Badge> : <Badge tone="good">proven</Badge>}{' '}
      {one.provenAt === undefined ? null : <Time at={one.provenAt} />}
      {withdrawn}
    </>
  );
}

function State({ one }: { readonly one: ContainmentRecord }): VNode {
  return (
    <>
      {one.state}, tier {one.tier}, {one.automated ? 'automated' : one.appliedAt === undefined ? 'nothing written' : 'by hand'}
      {one.drifts > 0 ? <div>put back {one.drifts}× after drift</div> : null}
      {one.releasedAt === undefined ? null : (
        <div>
          released <Time at={one.releasedAt} />
        </div>
      )}
    </>
  );
}
