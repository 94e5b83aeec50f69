import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packagePath } from '../../../src/config/paths.js';
import { createPolicies } from '../../../src/playbooks/load.js';
import type { Policies } from '../../../src/ports/policies.js';

let folder: string;
let policies: Policies;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'policies-'));
  await cp(packagePath('src', 'playbooks'), folder, { recursive: true });
  policies = createPolicies(folder);
});
afterEach(() => rm(folder, { recursive: true }));

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(folder, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(folder, file), text.replace(from, to));
}

describe('playbooks and policies', () => {
  it('pin the 17 steps of S003 with their clocks, the waits and the ladder', async () => {
    const pin = await policies.pin('compromised-credentials', 'waits');

    const clocks = Object.fromEntries(pin.body.steps.map((step) => [step.id, `${step.clock.from} ${step.clock.minutes}`]));
    expect(clocks).toMatchObject({
      validate: 'detected 30',
      contain: 'detected 60',
      ticket: 'detected 60',
      notify: 'detected 120',
      preserveEvidence: 'detected 240',
      actorProfile: 'detected 1440',
      training: 'recovered 43200',
    });
    expect(pin.body.steps).toHaveLength(17);
    expect(pin.ladder.rungs.map((rung) => rung.team)).toEqual(['security-engineering', 'security-lead', 'ciso', 'cto']);
    expect(pin.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['an unknown team', 'owner: forensics', 'owner: nobody', 'compromised-credentials.yaml: steps.4.owner: no team nobody'],
    ['an unknown need', 'needs: [timeline]', 'needs: [timelin]', 'steps.6.needs: no step timelin'],
    ['an unknown behaviour', 'run: validateFinding', 'run: validateFindings', 'steps.0.run'],
    ['a cycle', 'needs: []', 'needs: [recover]', 'wait for each other'],
    ['a misspelt field', 'title: Contain the credentials', 'titel: Contain the credentials', 'steps.1'],
    ['a clock without minutes', '{ from: detected, minutes: 60 }', '{ from: detected }', 'steps.1.clock.minutes'],
    ['the wrong id', 'id: compromised-credentials', 'id: other', 'expected compromised-credentials'],
    ['broken YAML', 'steps:', 'steps: [', 'compromised-credentials.yaml'],
  ])('refuse a playbook with %s, naming file and path', async (...[, from, to, problem]) => {
    await edit('compromised-credentials.yaml', from, to);

    await expect(policies.playbook('compromised-credentials')).rejects.toThrow(problem);
  });

  it('refuse short waits as soon as one account lies outside the range', async () => {
    await expect(policies.waits('drill-waits')).resolves.toMatchObject({ quietWindowSeconds: 10 });

    await edit('rails.yaml', "accounts: ['111122223333']", "accounts: ['111122223333', '444455556666']");

    await expect(policies.waits('drill-waits')).rejects.toThrow('sessionHoldSeconds: expected at least 129600');
    await expect(policies.waits('drill-waits')).rejects.toThrow('quietWindowSeconds: expected at least 900');
    await expect(policies.waits('waits')).resolves.toMatchObject({ quietWindowSeconds: 900 });
  });

  it('read rails anew at every call, and refuse a ladder rung without a team', async () => {
    expect((await policies.rails()).dryRun).toBe(false);
    await edit('rails.yaml', 'dryRun: false', 'dryRun: true');
    await edit('teams.yaml', 'team: cto, afterMinutes', 'team: boss, afterMinutes');

    expect((await policies.rails()).dryRun).toBe(true);
    await expect(policies.teams()).rejects.toThrow('ladder.rungs.3.team: no team boss');
  });

  it.each(['../secrets', 'a/b', 'UPPER', ''])('refuse the name %j before touching the file system', async (name) => {
    await expect(policies.playbook(name)).rejects.toThrow('expected lower-case letters');
  });

  it.each([
    ['an unknown field of a rule', 'detection-rules.yaml', 'callers: [Root]\n    events:', 'because:\n    events:', 'rules.'],
    ['an unknown caller', 'detection-rules.yaml', 'callers: [Root]', 'callers: [Rooot]', 'callers.0'],
    ['an event without its service', 'detection-rules.yaml', "'cloudtrail:StopLogging'", "'StopLogging'", 'expected service:EventName'],
    ['two rules of one name', 'detection-rules.yaml', 'id: trail-changed', 'id: trail-off', 'two rules have the same id'],
    [
      'a history shorter than what is compared',
      'detection-rules.yaml',
      'historyHours: 72',
      'historyHours: 12',
      'expected more than recentHours',
    ],
    ['an unknown partition', 'sources.yaml', 'partition: aws', 'partition: mars', 'partition'],
    [
      'a mapping without an id field',
      'sources.yaml',
      'generic: []',
      'generic: [{ id: x, match: { path: a, equals: b }, fields: {} }]',
      'generic.0.fields.id',
    ],
    [
      'a mapping that passes for GuardDuty',
      'sources.yaml',
      'generic: []',
      'generic: [{ id: guardduty, match: { path: a, equals: b }, fields: { id: a } }]',
      'generic.0.id: expected another name than a built-in source',
    ],
    [
      'a path of another language',
      'sources.yaml',
      'generic: []',
      "generic: [{ id: x, match: { path: '$..a', equals: b }, fields: { id: a } }]",
      'generic.0.match.path: expected a path such as',
    ],
  ])('refuses %s', async (...[, file, from, to, message]) => {
    await edit(file, from, to);

    const read = async (): Promise<unknown> => [await policies.detectionRules(), await policies.sources()];
    await expect(read()).rejects.toThrow(message);
    await expect(read()).rejects.toThrow(file);
  });

  it('do without rules and sources in the folder of an older installation', async () => {
    await Promise.all(['detection-rules.yaml', 'sources.yaml'].map((file) => rm(join(folder, file))));

    expect([await policies.detectionRules(), await policies.sources()]).toEqual([undefined, undefined]);
  });
});
