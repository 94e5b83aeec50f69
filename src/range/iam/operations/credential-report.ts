import type { GenerateCredentialReportResponse, GetCredentialReportResponse } from '@aws-sdk/client-iam';
import { AwsError } from '../../aws-error.js';
import type { Call } from '../../server/call.js';
import { operation, type Operations } from '../../server/operation.js';
import { credentialReportCsv } from '../credential-report.js';
import { onAccount } from '../lookup.js';

/** A report is made again only when the last one is older than this, so it may predate a containment (IAM user guide, "Get credential reports"). */
const KEPT_MS = 4 * 3_600_000;

/** How long the range takes to make one. AWS names no time; seconds are usual. */
const MAKING_MS = 1000;

/** Calls about the credential report. */
export const credentialReportOperations: Operations = {
  GenerateCredentialReport: operation<object, GenerateCredentialReportResponse>({
    kind: 'read',
    access: onAccount,
    run: (_input, call) => {
      const { account, at } = call;
      const report = account.credentialReport;
      if (report !== undefined && at < report.readyAt) return { State: 'INPROGRESS' };
      if (report !== undefined && at - report.generatedAt < KEPT_MS) return { State: 'COMPLETE' };
      const generatedAt = Math.floor(at / 1000) * 1000;
      account.credentialReport = { generatedAt, readyAt: at + MAKING_MS, content: credentialReportCsv(account) };
      return { State: 'STARTED', Description: 'No report exists. Starting a new report generation task' };
    },
  }),

  GetCredentialReport: operation<object, GetCredentialReportResponse>({
    kind: 'read',
    access: onAccount,
    run: (_input, call) => {
      const { content, generatedAt } = readyReport(call);
      return { Content: Buffer.from(content), ReportFormat: 'text/csv', GeneratedTime: new Date(generatedAt) };
    },
  }),
};

/** @throws AwsError ReportNotPresent, ReportInProgress, ReportExpired */
function readyReport({ account, at }: Call): { content: string; generatedAt: number } {
  const report = account.credentialReport;
  if (report === undefined) throw new AwsError('ReportNotPresent', 'No report exists.', 410);
  if (at < report.readyAt) throw new AwsError('ReportInProgress', 'Report generation is in progress.', 404);
  if (at - report.generatedAt >= KEPT_MS) throw new AwsError('ReportExpired', 'The report has expired.', 410);
  return report;
}
