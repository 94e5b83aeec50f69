import { terminalText } from '../cli/terminal-text.js';
import { sizeText } from './history-sizes.js';
import type { DrillOptions } from './options.js';
import type { Stage } from './stage.js';
import type { Verdict } from './verdict.js';

/** Prints how the drill ended: the claim, what it rests on, the range's ground truth, and where everything lies. */
export function reportVerdict({ output, json }: DrillOptions, { verdict, stage }: { verdict: Verdict; stage: Stage }): void {
  if (json) return output.json({ ...verdict, dataDir: stage.env.dataDir });
  const { colors } = output;
  const contained = verdict.verdict === 'contained';
  output.line('');
  output.line(contained ? colors.bold(colors.green('CONTAINED')) : colors.bold(colors.red('NOT CONTAINED')));
  for (const problem of verdict.problems) output.line(`  ${colors.red('✗')} ${terminalText(problem)}`);
  const rows: [string, string][] = [
    ['incident', verdict.incidentId ?? '–'],
    ['time to applied', seconds(verdict.appliedSeconds)],
    ['time to contain (effective)', seconds(verdict.effectiveSeconds)],
    ['proven after', seconds(verdict.provenSeconds)],
    ['changes undone again', String(verdict.drifts)],
    ["attacker's calls", `${verdict.attackerCalls}, ${verdict.attackerSucceededAfterEffective} got through after effectiveFrom`],
    ["innocent user's refused calls", String(verdict.innocentRefused)],
    ...verdict.histories.map((size): [string, string] => [`history of ${size.workflowId.split('/')[0] ?? ''}`, sizeText(size)]),
    ...Object.entries(verdict.files).map(([name, path]): [string, string] => [FILE_TITLES[name] ?? name, path]),
    ['waits', verdict.waits ?? '–'],
    ['data', stage.env.dataDir],
  ];
  for (const [name, value] of rows) output.line(`  ${name.padEnd(30)} ${terminalText(value)}`);
  for (const line of verdict.provenBy) output.line(`  ${'proven by'.padEnd(30)} ${terminalText(line)}`);
  for (const line of verdict.limits) output.line(`  ${'limit of the claim'.padEnd(30)} ${terminalText(line)}`);
}

const FILE_TITLES: Readonly<Record<string, string>> = {
  report: 'report',
  reportMarkdown: 'report (Markdown)',
  metrics: 'metrics',
  record: 'record',
  timeline: 'timeline',
  timelineCsv: 'timeline (CSV)',
  ticket: 'ticket',
  evidence: 'evidence, sealed',
};

function seconds(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(1)} s after detection`;
}
