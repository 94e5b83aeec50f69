import { GenerateCredentialReportCommand, GetCredentialReportCommand } from '@aws-sdk/client-iam';
import { transient } from '../../../src/contracts/failures.js';
import type { Collector, CollectTools } from './collector.js';
import { startTrail, type CallTrail } from './reading.js';

const POLL_MS = 2_000;
/** A report of a large account takes minutes; after one, Temporal's retry takes over. */
const MAX_POLLS = 30;

/**
 * IAM's credential report as CSV. IAM makes a new one at most every four hours (IAM user guide, "Get credential reports"):
 * when it was made is stated, and whether that was before the end of the collected time.
 * Needs `iam:GenerateCredentialReport`, `iam:GetCredentialReport`.
 *
 * @throws ConflictInFlight, transient: IAM is still making it.
 */
export const collectCredentialReport: Collector = async (input, tools) => {
  const trail = startTrail(tools);
  await generated(tools, trail);
  const { Content = new Uint8Array(), GeneratedTime } = await trail.send(() => tools.clients.iam.send(new GetCredentialReportCommand({})));
  const content = Buffer.from(Content).toString('utf8');
  const madeAt = GeneratedTime?.toISOString() ?? 'an unknown time';
  const isOlder = GeneratedTime !== undefined && GeneratedTime.getTime() < Date.parse(input.toAt);
  const facts = { name: 'credential-report', api: 'iam:GetCredentialReport', params: { generatedAt: madeAt }, region: 'us-east-1' };
  // The first line names the columns.
  const rows = Math.max(0, content.split('\n').filter((line) => line.trim() !== '').length - 1);
  const file = { ...trail.file({ ...facts, content: null, rows }), extension: 'csv', content } as const;
  const age = isOlder
    ? `before ${input.toAt}, the end of the collected time: what changed in between is not in it`
    : `not before ${input.toAt}`;
  return { outcome: 'collected', files: [file], notes: [`generated at ${madeAt}, ${age}; IAM keeps a report for up to 4 hours`] };
};

async function generated({ clients, pause }: CollectTools, trail: CallTrail): Promise<void> {
  for (let poll = 0; poll < MAX_POLLS; poll += 1) {
    const { State } = await trail.send(() => clients.iam.send(new GenerateCredentialReportCommand({})));
    if (State === 'COMPLETE') return;
    await pause(POLL_MS);
  }
  throw transient('ConflictInFlight', 'IAM is still making the credential report');
}
