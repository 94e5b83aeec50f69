import { describe, expect, it } from 'vitest';
import type { Timeline } from '../../../src/contracts/timeline.js';
import { clocksModel } from '../../../src/report/charts/clocks-model.js';
import { lanesPicture } from '../../../src/report/charts/lanes-chart.js';
import { lanesModels } from '../../../src/report/charts/lanes-model.js';
import { lineageModel } from '../../../src/report/charts/lineage-model.js';
import { renderSvg } from '../../../src/report/charts/render-svg.js';
import { fatesOf } from '../../../src/report/life.js';
import { omit } from '../../fixtures/omit.js';
import { anEntry, anIncidentRecord, anOpenRecord, at, aTimeline, BACKDOOR_ARN, CI_DEPLOY_ARN } from '../../fixtures/record.js';

const later = (ms: number): string => new Date(Date.parse(at('09:00:00')) + ms).toISOString();

describe('the lanes', () => {
  it.each([1, 5, 300, 5000])('count every one of %i events once, done or refused', (count) => {
    const entries = Array.from({ length: count }, (_, n) =>
      anEntry({ at: later(n * 977), outcome: n % 4 === 0 ? 'AccessDenied' : 'ok', lane: n % 3 === 0 ? 'responder' : 'attacker' }),
    );

    const [whole] = lanesModels(anIncidentRecord(), entries);

    const bins = whole?.lanes.flatMap((lane) => lane.bins) ?? [];
    expect(bins.reduce((sum, { ok, refused }) => sum + ok + refused, 0)).toBe(count);
    expect(bins.reduce((sum, { refused }) => sum + refused, 0)).toBe(Math.ceil(count / 4));
    expect(bins.length).toBeLessThanOrEqual(300);
  });

  it('look closer where the attack fills a small part of what was read, up to the proof', () => {
    const models = lanesModels(anIncidentRecord(), aTimeline().entries);

    expect(models).toHaveLength(2);
    expect(new Date(models[1]?.told.to ?? 0).toISOString()).toBe(at('11:12:05'));
    expect(models[1]?.lanes.find(({ name }) => name === 'attacker')?.total).toBe(59);
  });

  it('draw refused calls in another shape than those that went through', () => {
    const svgOf = (outcome: string): string => {
      const [model] = lanesModels(anIncidentRecord({ moments: [] }), [anEntry({ outcome }), anEntry({ at: at('09:46:00'), outcome })]);
      return model === undefined ? '' : renderSvg(lanesPicture(model));
    };
    const shapes = (svg: string): number[] => ['<circle', '<polyline', '<path'].map((tag) => svg.split(tag).length - 1);

    expect(shapes(svgOf('AccessDenied'))).not.toEqual(shapes(svgOf('ok')));
  });

  it('have no picture without events', () => {
    expect(lanesModels(anIncidentRecord(), [])).toEqual([]);
  });
});

describe('the clocks', () => {
  const model = (record = anIncidentRecord()) => clocksModel(record, record.steps);

  it('say who was late and by how much, and how much time was left', () => {
    const rows = Object.fromEntries((model()?.rows ?? []).map(({ title, status, remark }) => [title, [status, remark]]));

    expect(rows['Contain the credentials']).toEqual(['BREACHED by 12 min 09 s', 'was due 11-22 11:00']);
    expect(rows['Create the incident ticket']).toEqual(['in time, 58 min 16 s left', '']);
    expect(rows['Assess the resources touched']).toEqual(['in time, 3 h 25 min left', 'paused 30 min 00 s']);
    expect(rows['Assess the impact']).toEqual(['skipped', '']);
  });

  it('count an open breach up to when the record was written', () => {
    const rows = model(anOpenRecord())?.rows ?? [];

    expect(rows.find(({ title }) => title === 'Contain the credentials')).toMatchObject({
      status: 'BREACHED by 30 min 00 s',
      remark: 'still blocked, was due 11-22 11:00',
      isEnded: false,
    });
  });

  it('are not squeezed into a corner by due times a day away', () => {
    const quick = anIncidentRecord().steps.map((step) => ({ ...step, startedAt: at('10:01:00'), endedAt: at('10:02:00') }));
    const record = omit(anIncidentRecord({ steps: quick, recordedAt: at('10:02:00') }), 'result');

    const { span } = clocksModel(record, quick) ?? { span: { from: 0, to: Infinity } };

    expect(span.to - span.from).toBeLessThan(10 * 60_000);
  });

  it('have no picture when none has started', () => {
    const waiting = anOpenRecord().steps.map(({ stepId, title, phase, owner }) => ({
      stepId,
      title,
      phase,
      owner,
      status: 'waiting' as const,
      pausedMs: 0,
    }));

    expect(clocksModel(anOpenRecord({ steps: waiting }), waiting)).toBeUndefined();
  });
});

type Credential = Timeline['credentials'][number];
const credential = (id: string, parent: string | null, change: Partial<Credential> = {}): Credential => ({
  id,
  kind: 'role-session',
  principal: 'arn:aws:iam::111122223333:role/a',
  parent,
  provedBy: parent === null ? null : `e-${id}`,
  strength: 'exact',
  used: true,
  alive: false,
  ...change,
});
const timelineOf = (credentials: Credential[], change: Partial<Timeline> = {}): Timeline =>
  aTimeline({ entries: [], principals: [], resources: [], credentials, ...change });
const lineageOf = (timeline: Timeline, record = anOpenRecord()) => lineageModel(timeline, fatesOf(record, timeline));

describe('the lineage', () => {
  it('hangs credentials under their parents, and principals under the credential that made them', () => {
    const { rows } = lineageOf(aTimeline());

    expect(rows.map(({ title, parent, strength }) => [title, parent, strength])).toEqual([
      ['AKIAEXAMPLEKEY000001', undefined, 'seed'],
      ['ASIASESSION000000001', 0, 'exact'],
      ['AKIABACKDOOR00000001', 0, 'exact'],
      ['ASIASESSION000000002', 2, 'strong'],
      ['prod/db/password', 3, 'weak'],
      ['user/svc-backup-9f', 0, 'exact'],
      ['role/deployment-pipeline-production-eu-west…', 0, 'exact'],
    ]);
    expect(rows[2]?.proof).toBe('iam:CreateAccessKey 09:52:01, event e-create-key');
  });

  it('shows what is no credential itself but gave some: an instance, an account outside', () => {
    const principals = [{ arn: 'arn:aws:iam::999988887777:root', how: 'external', provedBy: 'e-role' }];
    const timeline = timelineOf([credential('A', null), credential('B', '999988887777'), credential('C', 'i-0123')], { principals });

    const { rows } = lineageOf(timeline);

    const parentOf = (title: string) => rows[rows.find((row) => row.title === title)?.parent ?? -1]?.title;
    expect([parentOf('B'), parentOf('C')]).toEqual(['account 999988887777', 'i-0123']);
  });

  it('draws at most 15 rows, the living and what leads to them first, and counts the rest', () => {
    const chain = Array.from({ length: 100 }, (_, n) => credential(`K${n}`, n === 0 ? null : 'K0', { alive: n === 77 }));

    const model = lineageOf(timelineOf(chain));

    expect(model.rows).toHaveLength(15);
    expect(model.rows.map(({ title }) => title)).toContain('K77');
    expect(model).toMatchObject({ leftOut: 85, leftOutAlive: 0 });
  });

  it('comes to an end with a ring of parents and a parent that is itself', () => {
    const { rows } = lineageOf(timelineOf([credential('A', 'B'), credential('B', 'A'), credential('C', 'C')]));

    expect(rows.map(({ title }) => title).toSorted()).toEqual(['A', 'B', 'C']);
  });

  it('calls alive only what is neither proven contained nor removed since', () => {
    const alive = [
      credential('of-contained', null, { alive: true, principal: CI_DEPLOY_ARN }),
      credential('of-unproven', null, { alive: true, principal: BACKDOOR_ARN }),
      credential('ended', null, { principal: BACKDOOR_ARN }),
    ];
    const lives = (record: ReturnType<typeof anOpenRecord>) => lineageOf(timelineOf(alive), record).rows.map(({ life }) => life);

    expect(lives(anOpenRecord())).toEqual(['contained', 'ALIVE', 'dead']);
    expect(lives(anIncidentRecord())).toEqual(['contained', 'removed by us', 'removed by us']);
  });
});
