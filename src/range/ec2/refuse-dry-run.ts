import { AwsError } from '../aws-error.js';

/** A dry run ends in an error when the call would be allowed (EC2 API reference, "Common query parameters"). */
export function refuseDryRun({ DryRun }: { readonly DryRun?: boolean | undefined }): void {
  if (DryRun === true) throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
}
