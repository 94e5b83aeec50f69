import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { dataConverter } from '../../src/config/temporal.js';
import { PACKAGE_ROOT } from '../../src/config/paths.js';
import { WORKFLOW_TYPES } from '../../src/contracts/names.js';
import { SEARCH_ATTRIBUTES } from '../../src/contracts/search-attributes.js';
import { workflowBundle } from '../../src/worker/workflow-code.js';
import { ACCOUNT } from '../fixtures/jira-stub/stub.js';
import { packageVersion, readRecordings, type HistoryEvent, type Recorded, type Recording } from './recordings.js';
import { SCENARIOS } from './scenarios.js';

/** SQL visibility has this many columns of each kind per namespace (design 8). */
const COLUMNS = { KEYWORD: 10, KEYWORD_LIST: 3, DATETIME: 3, INT: 3, DOUBLE: 3, BOOL: 3, TEXT: 3 } as const;

// A replay that must fail says so in the log, with a stack; the test says it in a line.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
});

let recordings: Recording[];
let all: { name: string; recorded: Recorded }[];
beforeAll(async () => {
  recordings = await readRecordings();
  all = recordings.flatMap(({ scenario, version, histories }) =>
    histories.map((recorded, index) => ({ name: `${version}-${scenario} ${recorded.workflowType} #${index}`, recorded })),
  );
  if (all.length === 0) throw new Error('no recorded history was found: npm run histories:record');
});

test('every recorded history replays green with the workflows as they are', { timeout: 120_000 }, async () => {
  const failures = await replay(await workflowBundle());

  expect(failures).toEqual([]);
  process.stdout.write(`${all.length} histories of ${recordings.length} scenarios replayed\n`);
});

test('workflows with one timer more than recorded are refused: every history', { timeout: 120_000 }, async () => {
  const workflowsPath = fileURLToPath(new URL('./changed-workflows.ts', import.meta.url));
  const failures = await replay(await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') }));

  expect(all.length).toBeGreaterThan(50);
  expect(new Set(all.map(({ recorded }) => recorded.workflowType)).size).toBe(WORKFLOW_TYPES.length);
  expect(failures.map(({ name }) => name).toSorted()).toEqual(all.map(({ name }) => name).toSorted());
  expect([...new Set(failures.map(({ error }) => error))]).toEqual(['DeterminismViolationError']);
});

test('every scenario has a recording of this version, every recording a scenario, every workflow type at least one history', async () => {
  const version = await packageVersion();
  const recorded = recordings.filter((recording) => recording.version === version).map(({ scenario }) => scenario);
  const types = new Set(all.map(({ recorded: { workflowType } }) => workflowType));

  expect(recorded.toSorted()).toEqual(Object.keys(SCENARIOS).toSorted());
  expect(recordings.filter(({ scenario }) => SCENARIOS[scenario] === undefined)).toEqual([]);
  expect([...types].toSorted()).toEqual([...WORKFLOW_TYPES].toSorted());
});

test('every recorded activity and timer has a summary of at most 400 bytes', () => {
  const summaries = all.flatMap(({ name, recorded }) =>
    recorded.history.events
      .filter(({ eventType }) => eventType === 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED' || eventType === 'EVENT_TYPE_TIMER_STARTED')
      .map((event) => ({ where: `${name} event ${event.eventId}`, summary: summaryOf(event) })),
  );

  expect(summaries.length).toBeGreaterThan(100);
  expect(summaries.filter(({ summary }) => summary.trim() === '' || Buffer.byteLength(summary) > 400)).toEqual([]);
});

test('search attributes fit the columns of SQL visibility, all together and as counted per workflow type', () => {
  const known = new Map(Object.values(SEARCH_ATTRIBUTES).map((key): [string, keyof typeof COLUMNS] => [key.name, key.type]));
  const perType = WORKFLOW_TYPES.map((type) => {
    const names = new Set(all.filter(({ recorded }) => recorded.workflowType === type).flatMap(({ recorded }) => attributesOf(recorded)));
    return { type, names: [...names].toSorted(), unknown: [...names].filter((name) => !known.has(name)) };
  });
  const tooMany = [...perType, { type: 'all', names: [...known.keys()], unknown: [] }].flatMap(({ type, names }) =>
    Object.entries(COLUMNS)
      .map(([kind, columns]) => ({ type, kind, columns, used: names.filter((name) => known.get(name) === kind).length }))
      .filter(({ used, columns }) => used > columns),
  );

  expect(tooMany).toEqual([]);
  expect(perType.flatMap(({ unknown }) => unknown)).toEqual([]);
  expect(perType.find(({ type }) => type === 'incidentResponse')?.names.length).toBeGreaterThan(10);
  process.stdout.write(`search attributes: ${perType.map(({ type, names }) => `${type} ${names.length}`).join(', ')}\n`);
});

test('no recording holds a path of a machine, an identity other than the neutral one, a secret or a session token', () => {
  const texts = all.map(({ name, recorded }) => ({ name, text: plainText(recorded) }));
  const forbidden = [
    PACKAGE_ROOT,
    '/tmp/',
    '/home/',
    '/root/',
    'SecretAccessKey',
    'secretAccessKey',
    'SessionToken',
    'sessionToken',
    ACCOUNT.token,
  ];

  const identities = new Set(
    texts.flatMap(({ text }) => [...text.matchAll(/"identity":"([^"]*)"/g)].flatMap(([, identity]) => identity ?? [])),
  );

  expect([...identities].filter((identity) => !/^(tourniquet(\/(main|respond|restore|lookup))?|history-service|)$/.test(identity))).toEqual(
    [],
  );
  expect(texts.flatMap(({ name, text }) => forbidden.filter((word) => text.includes(word)).map((word) => `${name}: ${word}`))).toEqual([]);
});

async function replay(workflowBundleOption: WorkflowBundleOption): Promise<{ name: string; error: string }[]> {
  const failures: { name: string; error: string }[] = [];
  const histories = all.map(({ name, recorded }) => ({ workflowId: name, history: recorded.history }));
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: workflowBundleOption, dataConverter }, histories))
    if (error !== undefined) failures.push({ name: workflowId, error: error.name });
  return failures;
}

function summaryOf({ userMetadata }: HistoryEvent): string {
  const data = userMetadata?.summary?.data;
  return data === undefined ? '' : Buffer.from(data, 'base64').toString();
}

/** Names in `indexedFields`, wherever an event holds some. */
function attributesOf({ history }: Recorded): string[] {
  return [...JSON.stringify(history).matchAll(/"indexedFields":\{((?:"\w+":\{"metadata":\{[^}]*\},"data":"[^"]*"\},?)*)\}/g)].flatMap(
    ([, fields]) => [...(fields ?? '').matchAll(/"(\w+)":\{"metadata"/g)].flatMap(([, name]) => name ?? []),
  );
}

/** The history with its payloads decoded. */
function plainText(recorded: Recorded): string {
  return JSON.stringify(recorded).replaceAll(/"data":"([\w+/=]*)"/g, (_, data: string) => Buffer.from(data, 'base64').toString());
}
