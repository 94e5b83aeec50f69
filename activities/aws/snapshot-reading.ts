import type { IAMClient } from '@aws-sdk/client-iam';
import type { Principal } from '../../src/contracts/principal.js';
import type { PrincipalSnapshot } from '../../src/domain/planning/principal-snapshot.js';
import type { AwsRole } from '../../src/ports/aws-access.js';
import type { PartReader } from './part-reader.js';

/** Whose snapshot, read by whom, and how much: `authority` is what a write is judged by, `plan` all that a plan rests on. */
export interface SnapshotSubject {
  readonly principal: Principal;
  readonly incidentId: string;
  readonly role: AwsRole;
  /** ARN of the identity that reads. */
  readonly readBy: string;
  readonly depth: 'authority' | 'plan';
}

export type Running = Pick<PrincipalSnapshot, 'functions' | 'instances'>;

/** What the readers of one kind work with. */
export interface SnapshotReading extends Pick<SnapshotSubject, 'principal' | 'readBy' | 'depth'> {
  readonly iam: IAMClient;
  /** Functions and instances that run with a role. */
  readonly compute: (subject: { principal: Principal; part: PartReader }) => Promise<Running>;
}

/** Where it was not looked at, and for what runs nowhere. */
export const NOTHING_RUNS: Running = { functions: [], instances: [] };
