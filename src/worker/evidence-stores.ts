import { join } from 'node:path';
import { createS3Client } from '../adapters/aws/clients.js';
import { createFileEvidenceStore } from '../adapters/evidence/file.js';
import { createS3EvidenceStore } from '../adapters/evidence/s3.js';
import type { Env } from '../config/env.js';
import type { EvidenceStore } from '../ports/evidence-store.js';
import type { AwsIdentities } from './aws-identities.js';

/** Sealed evidence: a folder, or S3 under Object Lock where a bucket is configured. Working copies are always local. */
export function createEvidenceStores(env: Env, identities: AwsIdentities): { evidence: EvidenceStore; working: EvidenceStore } {
  const working = createFileEvidenceStore(workingFolder(env.dataDir));
  if (env.evidence === undefined) return { working, evidence: createFileEvidenceStore(evidenceFolder(env.dataDir)) };
  const { bucket, mode, retentionDays } = env.evidence;
  const region = env.awsRegions[0] ?? 'us-east-1';
  const evidence = createS3EvidenceStore({
    writer: createS3Client(identities.collector, region),
    reader: createS3Client(identities.responder, region),
    bucket,
    prefix: '',
    mode,
    retentionDays,
    nowMs: Date.now,
  });
  return { working, evidence };
}

/** Sealed originals, where they are kept locally. */
export function evidenceFolder(dataDir: string): string {
  return join(dataDir, 'evidence');
}

/** Redacted copies, timelines, records' reports: what people work with. */
export function workingFolder(dataDir: string): string {
  return join(dataDir, 'working');
}
