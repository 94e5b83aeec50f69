import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { writeAtomically } from '../../adapters/records/atomic-file.js';
import { safePath } from '../../adapters/records/safe-path.js';
import type { IncidentRecord } from '../../contracts/record.js';
import { Timeline } from '../../contracts/timeline.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext } from '../context.js';
import { findRecord } from '../find-record.js';
import { terminalText } from '../terminal-text.js';

type Format = 'html' | 'md' | 'json';

interface ReportOptions {
  readonly out: string;
  readonly format?: Format;
}

const FORMATS: readonly Format[] = ['html', 'md', 'json'];

/** The report of an incident as files: one HTML page that needs nothing else, Markdown, and the record itself. */
export function reportCommand(context: CliContext): Command {
  return command(
    'report',
    'write the report of an incident: HTML, Markdown and the record as JSON',
    'tourniquet report INC-20260301-7K2M9QXD --out reports --format html',
  )
    .argument('<incident>', 'INC-… or workflow id')
    .option('--out <dir>', 'folder to write into, made when it is missing', '.')
    .addOption(new Option('--format <format>', 'only this one').choices([...FORMATS]))
    .action(async (incident: string, { out, format }: ReportOptions) => {
      const { record, notes } = await findRecord(context, incident);
      for (const note of notes) context.output.error(`# ${note}`);
      const timeline = await readTimeline(context, record);
      for (const one of format === undefined ? FORMATS : [format]) {
        const path = await write(out, `${record.incidentId}.${one}`, await rendered(one, record, timeline));
        context.output.line(terminalText(path));
      }
    });
}

/** Loaded on demand: no other command draws. */
async function rendered(format: Format, record: IncidentRecord, timeline: Timeline | undefined): Promise<string> {
  switch (format) {
    case 'html':
      return (await import('../../report/html.js')).renderHtml(record, timeline);
    case 'md':
      return (await import('../../report/markdown.js')).renderMarkdown(record, timeline);
    case 'json':
      return `${JSON.stringify(record, null, 2)}\n`;
    default:
      return format satisfies never;
  }
}

/** The whole timeline from the working folder; a report without it says so, and so do we. */
async function readTimeline({ env, output }: CliContext, { timeline }: IncidentRecord): Promise<Timeline | undefined> {
  if (timeline === undefined) return undefined;
  const [{ createFileEvidenceStore }, { workingFolder }] = await Promise.all([
    import('../../adapters/evidence/file.js'),
    import('../../worker/evidence-stores.js'),
  ]);
  try {
    const bytes = await createFileEvidenceStore(workingFolder(env().dataDir)).get(timeline.ref);
    return Timeline.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable';
    output.error(`# the timeline file is not in the report: ${why}`);
    return undefined;
  }
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
