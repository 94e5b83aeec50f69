import { describe, expect, it } from 'vitest';
import type { IncidentRecord, MetricName, Moment, MomentName } from '../../../src/contracts/record.js';
import { isOverTarget, metricsOf } from '../../../src/domain/record/metrics.js';
import { metricsReport } from '../../../src/domain/record/summary.js';
import { metricsIncidentsCsv, metricsSummaryCsv } from '../../../src/report/metrics-csv.js';
import { standingOf } from '../../../src/report/standing.js';
import { omit } from '../../fixtures/omit.js';
import { anIncidentRecord, anOpenRecord } from '../../fixtures/record.js';

const moment = (name: MomentName, time: string): Moment => ({ name, at: `2026-11-22T${time}.000Z`, fixedBy: `${name} event` });
const ALL: Moment[] = [
  moment('compromise', '08:00:00'),
  moment('firstMalicious', '09:00:00'),
  moment('detected', '10:00:00'),
  moment('acknowledged', '10:00:30'),
  moment('firstAction', '10:01:00'),
  moment('applied', '10:02:00'),
  moment('effectiveFrom', '10:03:00'),
  moment('proven', '10:30:00'),
  moment('recovered', '14:00:00'),
];
const without = (...names: MomentName[]): Moment[] => ALL.filter(({ name }) => !names.includes(name));
const metric = (moments: Moment[], name: MetricName) => metricsOf(moments).find((one) => one.name === name);

describe('the metrics of one incident', () => {
  it.each<[MetricName, number, number | null]>([
    ['mttd', 7200, 7200],
    ['mtta', 30, null],
    ['mttrRespond', 60, 14_400],
    ['mttcApplied', 120, null],
    ['mttc', 180, 21_600],
    ['mttrRecover', 14_400, 86_400],
    ['dwell', 7380, null],
  ])('%s is %i s, target %s s', (name, seconds, targetSeconds) => {
    expect(metric(ALL, name)).toMatchObject({ seconds, targetSeconds });
  });

  it('counts MTTD from the first malicious event when the compromise is not known, and names both', () => {
    const found = metric(without('compromise'), 'mttd');

    expect(found).toMatchObject({ seconds: 3600, from: 'firstMalicious' });
    expect(found?.why).toBe('compromise is not known, counted from firstMalicious; firstMalicious event → detected event');
  });

  it('is null, never 0, where a moment is missing, and says which', () => {
    expect(metric(without('effectiveFrom'), 'mttc')).toMatchObject({ seconds: null, why: 'effectiveFrom not known' });
    expect(metric(without('compromise', 'firstMalicious', 'detected'), 'mttd')).toMatchObject({
      seconds: null,
      why: 'compromise is not known, counted from firstMalicious; firstMalicious and detected not known',
    });
  });

  it('keeps a negative time and says so', () => {
    const found = metric([...without('compromise', 'firstMalicious'), moment('firstMalicious', '10:10:00')], 'mttd');

    expect(found?.seconds).toBe(-600);
    expect(found?.why).toContain('negative: detected was before firstMalicious');
  });

  it.each([
    [7200, false],
    [7201, true],
    [-5, false],
    [null, false],
  ])('%s s against a target of 2 h is over: %s', (seconds, over) => {
    expect(isOverTarget({ seconds, targetSeconds: 7200 })).toBe(over);
  });

  it('calls a metric over target that an open incident can no longer meet, and one of a closed incident not', () => {
    const late = anOpenRecord({ recordedAt: '2026-11-22T17:00:00.000Z' });
    const mttc = (record: IncidentRecord) => record.metrics.find(({ name }) => name === 'mttc') ?? metricsOf([])[0];
    const standing = (record: IncidentRecord) => {
      const found = mttc(record);
      return found === undefined ? 'no metric' : standingOf(found, record);
    };

    expect(standing(late)).toBe('OVER TARGET, still open');
    expect(standing(anOpenRecord())).toBeUndefined();
    expect(standing(anIncidentRecord())).toBe('within target');
  });
});

const incident = (incidentId: string, mttcSeconds: number | null, change: Partial<IncidentRecord> = {}): IncidentRecord => {
  const effective =
    mttcSeconds === null
      ? []
      : [
          {
            name: 'effectiveFrom' as const,
            at: new Date(Date.parse('2026-11-22T10:00:00Z') + mttcSeconds * 1000).toISOString(),
            fixedBy: 'x',
          },
        ];
  return anIncidentRecord({ incidentId, moments: [moment('detected', '10:00:00'), ...effective], ...change });
};
const SINCE = '2026-11-01T00:00:00.000Z';
const mttcOf = (records: IncidentRecord[]) => metricsReport(records, SINCE).metrics.find(({ name }) => name === 'mttc');

describe('the metrics of several incidents', () => {
  it('gives count, mean, median, p90 (nearest rank) and the share within the target', () => {
    const records = [60, 120, 180, 240, 300, 360, 420, 480, 540, 36_000].map((seconds, n) => incident(`INC-${n}`, seconds));

    expect(mttcOf(records)).toEqual({
      name: 'mttc',
      known: 10,
      missing: 0,
      negative: 0,
      meanSeconds: 3870,
      medianSeconds: 330,
      p90Seconds: 540,
      targetSeconds: 21_600,
      withinTarget: 9,
      shareWithinTarget: 0.9,
    });
  });

  it('counts what is not known as missing and in no mean', () => {
    expect(mttcOf([incident('INC-1', 100), incident('INC-2', null)])).toMatchObject({
      known: 1,
      missing: 1,
      meanSeconds: 100,
      medianSeconds: 100,
      p90Seconds: 100,
      shareWithinTarget: 1,
    });
    expect(mttcOf([incident('INC-2', null)])).toMatchObject({
      known: 0,
      missing: 1,
      meanSeconds: null,
      medianSeconds: null,
      p90Seconds: null,
      shareWithinTarget: null,
    });
  });

  it('leaves out follow-ups and what was detected before', () => {
    const old = incident('INC-OLD', 10, { moments: [{ name: 'detected', at: '2026-10-31T23:59:59.000Z', fixedBy: 'x' }] });

    const report = metricsReport([incident('INC-1', 100), incident('INC-1-F', 5, { followUpOf: 'INC-1' }), old], SINCE);

    expect(report.incidents.map(({ incidentId }) => incidentId)).toEqual(['INC-1']);
  });

  it('counts approved-then-automatic as automated, and no containment that was let go before it wrote anything', () => {
    const [first] = anIncidentRecord().containments;
    if (first === undefined) throw new Error('the fixture has no containment');
    const byHand = { ...first, automated: false };
    const letGo = { ...omit(first, 'appliedAt'), automated: false, state: 'released' };

    const { automation } = metricsReport([incident('INC-1', 1, { containments: [first, first, first, byHand, letGo] })], SINCE);

    expect(automation).toMatchObject({ containments: 4, automated: 3, share: 0.75, targetShare: 0.8 });
    expect(automation.rule).toContain('approved by people, then carried out by Tourniquet, counts as automated');
  });

  it('counts a negative time as it is and tells how many there are', () => {
    expect(mttcOf([incident('INC-1', -60), incident('INC-2', 60)])).toMatchObject({
      known: 2,
      negative: 1,
      meanSeconds: 0,
      medianSeconds: 0,
    });
  });
});

describe('the metrics as CSV', () => {
  it('has a row per metric, empty cells for what is not known, and the automation last', () => {
    const lines = metricsSummaryCsv(metricsReport([incident('INC-1', 100), incident('INC-2', null)], SINCE))
      .trimEnd()
      .split('\n');

    expect(lines).toHaveLength(9);
    expect(lines[0]).toBe(
      'metric,known,missing,negative,mean_seconds,median_seconds,p90_seconds,target_seconds,within_target,share_within_target',
    );
    expect(lines).toContain('mttc,1,1,0,100,100,100,21600,1,1');
    expect(lines).toContain('mttrRecover,0,2,0,,,,86400,0,');
    expect(lines.at(-1)).toBe('automatedContainments,4,0,0,,,,,4,1');
  });

  it.each(['=HYPERLINK("http://evil.example/")', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', '\u202e=1', '\u001b[0m=1'])(
    'makes %j text',
    (summary) => {
      const [, row = ''] = metricsIncidentsCsv(metricsReport([incident('INC-1', 100, { summary })], SINCE))
        .trimEnd()
        .split('\n');

      expect(row).toMatch(/^INC-1,2026-11-22T10:00:00.000Z,HIGH,closed,resolved,"?'[=+\-@]/);
      expect(row).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    },
  );

  it('keeps numbers as numbers, also negative ones', () => {
    const [, row = ''] = metricsIncidentsCsv(metricsReport([incident('INC-1', -60)], SINCE))
      .trimEnd()
      .split('\n');

    expect(row).toContain(',-60,');
  });
});
