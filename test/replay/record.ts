import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ACCOUNT, JiraStub } from '../fixtures/jira-stub/stub.js';
import { createLab, type LabOptions } from '../fixtures/lab/lab.js';
import { packageVersion, recordingFile, writeRecording } from './recordings.js';
import type { Scenario } from './scenario.js';
import { SCENARIOS } from './scenarios.js';

/** `1` records what has no file yet, `overwrite` records all; a name records that scenario over its file. */
const wanted = process.env['RECORD_HISTORIES'] ?? '';

/** The stub as the ticket system of the lab, for scenarios that want it. */
async function startJira({ jira }: Scenario): Promise<{ options: Pick<LabOptions, 'jira'>; stop: () => Promise<void> } | undefined> {
  if (jira === undefined) return undefined;
  const stub = await JiraStub.start();
  stub.clock = { nowMs: Date.now, sleep: delay };
  stub.inject(jira);
  return { options: { jira: { url: stub.url, ...ACCOUNT, project: 'SEC', issueType: 'Task' } }, stop: () => stub.stop() };
}

describe('records histories on a real server', async () => {
  const version = await packageVersion();
  const names = Object.keys(SCENARIOS).filter((name) =>
    wanted === '1' ? !existsSync(recordingFile(version, name)) : wanted === 'overwrite' || wanted === name,
  );
  const entries = names.flatMap((name) => (SCENARIOS[name] === undefined ? [] : [[name, SCENARIOS[name]] as const]));

  // Keeps the runner from calling an up-to-date folder a failure.
  test('knows what to record', () => {
    process.stdout.write(names.length === 0 ? 'every scenario has its recording\n' : `to record: ${names.join(', ')}\n`);
    expect(wanted).not.toBe('');
  });

  test.each(entries)('records %s', { timeout: 300_000 }, async (name, scenario) => {
    const jira = await startJira(scenario);
    const lab = await createLab({ worker: 'here', ...scenario.options, ...jira?.options });
    try {
      await scenario.play(lab);
      const file = await writeRecording(name, scenario, { lab, overwrite: wanted !== '1' });
      expect(file).toContain(name);
    } finally {
      await lab.close();
      await jira?.stop();
    }
  });
});
