import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';
import { packagePath } from '../../src/config/paths.js';
import { type Lab, until } from '../fixtures/lab/lab.js';
import type { Scenario } from './scenario.js';

/** What the UI shows beside an event. */
const Metadata = z.looseObject({ summary: z.looseObject({ data: z.string() }).optional() });
const HistoryEvent = z.looseObject({ eventId: z.string(), eventType: z.string(), userMetadata: Metadata.optional() });
export type HistoryEvent = z.infer<typeof HistoryEvent>;

/** One run of one workflow. */
const Recorded = z.object({
  workflowId: z.string(),
  workflowType: z.string(),
  history: z.looseObject({ events: z.array(HistoryEvent).min(1) }),
});
export type Recorded = z.infer<typeof Recorded>;

/** One file: every kept history of a scenario. */
export const Recording = z.object({ scenario: z.string(), shows: z.string(), version: z.string(), histories: z.array(Recorded).min(1) });
export type Recording = z.infer<typeof Recording>;

export const HISTORIES = fileURLToPath(new URL('./histories', import.meta.url));

/** Reads every recording; none at all is the caller's failure. */
export async function readRecordings(): Promise<Recording[]> {
  const files = (await readdir(HISTORIES)).filter((file) => file.endsWith('.json')).toSorted();
  return Promise.all(files.map(async (file) => Recording.parse(JSON.parse(await readFile(`${HISTORIES}/${file}`, 'utf8')))));
}

/** Where the recording of a scenario lies. */
export function recordingFile(version: string, name: string): string {
  return `${HISTORIES}/${version}-${name}.json`;
}

/** Writes what a scenario left on the server. An existing file is kept unless `overwrite`. */
export async function writeRecording(
  name: string,
  scenario: Scenario,
  { lab, overwrite }: { lab: Lab; overwrite: boolean },
): Promise<string> {
  const version = await packageVersion();
  const file = recordingFile(version, name);
  const recording: Recording = { scenario: name, shows: scenario.shows, version, histories: await historiesOf(lab, scenario) };
  await mkdir(HISTORIES, { recursive: true });
  await writeFile(file, `${JSON.stringify(Recording.parse(recording))}\n`, { flag: overwrite ? 'w' : 'wx' });
  return file;
}

async function historiesOf({ session, stage }: Lab, { keeps }: Scenario): Promise<Recorded[]> {
  const { workflow } = session.client;
  const runs = await until('every kept workflow is listed', async () => {
    const listed: { workflowId: string; runId: string; type: string }[] = [];
    for await (const run of workflow.list()) listed.push(run);
    return keeps.every((type) => listed.some((run) => run.type === type)) ? listed : undefined;
  });
  const kept = runs.filter(({ type }) => keeps.some((keep) => keep === type));
  return Promise.all(
    kept.map(async ({ workflowId, runId, type }) => {
      const json = historyToJSON(await workflow.getHandle(workflowId, runId).fetchHistory());
      // Stack traces name folders of the recording machine; replay does not look at them.
      const history: unknown = JSON.parse(json, (key, value: unknown) => {
        if (key === 'stackTrace') return '';
        return key === 'data' && typeof value === 'string' ? withoutFolder(value, stage.env.dataDir) : value;
      });
      return Recorded.parse({ workflowId, workflowType: type, history });
    }),
  );
}

/** A payload without the folder it was recorded in: local tickets are named by their file. */
function withoutFolder(data: string, folder: string): string {
  const text = Buffer.from(data, 'base64').toString();
  return text.includes(folder) ? Buffer.from(text.replaceAll(folder, '/data')).toString('base64') : data;
}

/** Version of the product that is being recorded. */
export async function packageVersion(): Promise<string> {
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(packagePath('package.json'), 'utf8'))).version;
}
