import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { createFileRecordStore } from '../../adapters/records/file.js';
import { writeAtomically } from '../../adapters/records/atomic-file.js';
import { safePath } from '../../adapters/records/safe-path.js';
import { IncidentRecord } from '../../contracts/record.js';
import { readIncident } from '../../incidents/acting.js';
import { findRecord } from '../../incidents/find-record.js';
import { readTimeline, REPORT_FORMATS, type ReportFormat, reportText } from '../../incidents/report-text.js';
import { type ApiClient, apiOf, readAnswer } from '../api-client.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { incidentPath } from '../gateway.js';
import { terminalText } from '../terminal-text.js';

interface ReportOptions {
  readonly out: string;
  readonly format?: ReportFormat;
}

/** A report in the formats asked for, and whose it is. */
interface Reports {
  readonly incidentId: string;
  readonly texts: readonly (readonly [ReportFormat, string])[];
}

/** The report of an incident as files: one HTML page that needs nothing else, Markdown, and the record itself. */
export function reportCommand(context: CliContext): Command {
  return command(
    'report',
    'write the report of an incident: HTML, Markdown and the record as JSON',
    'tourniquet report INC-20260301-7K2M9QXD --out reports --format html',
  )
    .argument('<incident>', 'INC-… or workflow id')
    .option('--out <dir>', 'folder to write into, made when it is missing', '.')
    .addOption(new Option('--format <format>', 'only this one').choices([...REPORT_FORMATS]))
    .action(async (incident: string, { out, format }: ReportOptions) => {
      const formats = format === undefined ? REPORT_FORMATS : [format];
      const api = apiOf(context);
      const { incidentId, texts } = await (api === undefined
        ? reportsHere(context, incident, formats)
        : reportsOf(context, { api, incident, formats }));
      for (const [one, text] of texts) context.output.line(terminalText(await write(out, `${incidentId}.${one}`, text)));
    });
}

async function reportsHere(context: CliContext, incident: string, formats: readonly ReportFormat[]): Promise<Reports> {
  const { dataDir } = context.env();
  const place = join(dataDir, 'records');
  const read = (name: string): ReturnType<typeof readIncident> => context.withTemporal((session) => readIncident(session, name));
  const { record, notes } = await findRecord({ store: createFileRecordStore(place), place, now: context.now, read }, incident);
  for (const note of notes) context.output.error(`# ${note}`);
  const { timeline, missing } = await timelineHere(dataDir, record);
  if (missing !== undefined) context.output.error(`# the timeline file is not in the report: ${missing}`);
  const texts = formats.map(async (format) => [format, await reportText(format, record, timeline)] as const);
  return { incidentId: record.incidentId, texts: await Promise.all(texts) };
}

/** Stores of evidence are loaded on demand. */
async function timelineHere(dataDir: string, record: IncidentRecord): ReturnType<typeof readTimeline> {
  const [{ createFileEvidenceStore }, { workingFolder }] = await Promise.all([
    import('../../adapters/evidence/file.js'),
    import('../../worker/evidence-stores.js'),
  ]);
  return readTimeline(createFileEvidenceStore(workingFolder(dataDir)), record);
}

async function reportsOf(
  { output }: CliContext,
  { api, incident, formats }: { api: ApiClient; incident: string; formats: readonly ReportFormat[] },
): Promise<Reports> {
  const path = `${incidentPath(incident)}/report`;
  const json = await api.get(`${path}?format=json`);
  const { incidentId } = readAnswer(IncidentRecord, json);
  if (json.note !== undefined) output.error(`# ${json.note}`);
  const texts = formats.map(
    async (format) => [format, format === 'json' ? json.text : (await api.get(`${path}?format=${format}`)).text] as const,
  );
  return { incidentId, texts: await Promise.all(texts) };
}

async function write(folder: string, name: string, text: string): Promise<string> {
  const path = safePath(resolve(folder), name);
  try {
    await writeAtomically(path, text);
    return path;
  } catch (error) {
    throw new CliError(
      `cannot write to ${folder} (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'})`,
      EXIT.usage,
    );
  }
}
