import type { Command } from 'commander';
import { readEvidenceFolder } from '../../adapters/evidence/read-folder.js';
import type { EvidenceReport } from '../../domain/evidence/report.js';
import { type EvidenceFolder, verifyEvidence } from '../../domain/evidence/verify.js';
import { CliError, EXIT } from '../cli-error.js';
import { command } from '../command.js';
import type { CliContext, SetExitCode } from '../context.js';
import { terminalText } from '../terminal-text.js';

interface VerifyOptions {
  readonly expect: readonly string[];
  readonly json?: boolean;
}

/** Checks evidence offline: no Temporal, no AWS. Exit code 1 on any problem. */
export function evidenceVerifyCommand({ output }: CliContext, setExitCode: SetExitCode): Command {
  return command(
    'verify',
    'check collected evidence against its manifests, offline; exit code 1 on any problem',
    'tourniquet evidence verify .tourniquet/evidence/INC-20260301-ABCDEFGH --expect 3b1f…',
  )
    .argument('<folder>', 'evidence of one incident, a whole store, or a downloaded S3 prefix')
    .option('--expect <sha256>', 'hash of the last manifest, from the ticket or the incident record; may be repeated', repeated, [])
    .option('--json', 'print one line of JSON')
    .action(async (folder: string, options: VerifyOptions) => {
      const { expect: expected } = options;
      if (expected.some((hash) => !/^[0-9a-f]{64}$/i.test(hash))) throw new CliError('--expect: expected 64 hex digits', EXIT.usage);
      const report = await verifyEvidence(await list(folder), expected);
      if (!report.ok) setExitCode(EXIT.failed);
      if (options.json) return output.json(report);
      for (const line of linesOf(report)) output.line(terminalText(line));
    });
}

function repeated(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function list(folder: string): Promise<EvidenceFolder> {
  try {
    return await readEvidenceFolder(folder);
  } catch (error) {
    throw new CliError(
      `${folder} cannot be read${error instanceof Error && 'code' in error ? ` (${String(error.code)})` : ''}`,
      EXIT.usage,
    );
  }
}

function linesOf({ ok, incidents, problems, notes }: EvidenceReport): string[] {
  const files = incidents.reduce((sum, { sealedFiles }) => sum + sealedFiles, 0);
  const collections = incidents.reduce((sum, { collections: ids }) => sum + ids.length, 0);
  return [
    ...problems.map(({ kind, path, detail }) => `${kind.toUpperCase().padEnd(8)}  ${path}  ${detail}`),
    ...notes.map(({ path, detail }) => `note      ${path}  ${detail}`),
    ...incidents.map(({ incident, head }) => `head      ${incident}  ${head ?? 'none: nothing is sealed'}`),
    `${ok ? 'intact' : `NOT INTACT, ${problems.length} problem(s)`}: ${files} sealed files in ${collections} collections`,
  ];
}
