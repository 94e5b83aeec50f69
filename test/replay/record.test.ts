import { describe, expect, test } from 'vitest';
import { createLab } from '../fixtures/lab/lab.js';
import { writeRecording } from './recordings.js';
import { SCENARIOS } from './scenarios.js';

/** `1` records what has no file yet, `overwrite` records all; a name records that scenario over its file. */
const wanted = process.env['RECORD_HISTORIES'];

describe.runIf(wanted !== undefined && wanted !== '')('records histories on a real server', () => {
  const entries = Object.entries(SCENARIOS).filter(([name]) => wanted === '1' || wanted === 'overwrite' || wanted === name);

  test.each(entries)('records %s', { timeout: 120_000 }, async (name, scenario) => {
    const lab = await createLab({ worker: 'here', ...scenario.options });
    try {
      await scenario.play(lab);
      const file = await writeRecording(name, scenario, { lab, overwrite: wanted !== '1' });
      expect(file).toContain(name);
    } finally {
      await lab.close();
    }
  });
});
