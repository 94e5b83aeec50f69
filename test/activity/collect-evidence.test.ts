import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import { CreateUserCommand, PutUserPolicyCommand, TagUserCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type CollectEvidenceDeps, createCollectEvidence } from '../../activities/evidence/collect-evidence.js';
import { createSealEvidence } from '../../activities/evidence/seal-evidence.js';
import { createGatherer } from '../../activities/investigate/gather-records.js';
import { createDirectAccess } from '../../src/adapters/aws/access.js';
import { evidenceClients } from '../../src/adapters/aws/client-sets.js';
import { createLookupEvents } from '../../src/adapters/cloudtrail/lookup-events.js';
import { createFileEvidenceStore } from '../../src/adapters/evidence/file.js';
import { readEvidenceFolder } from '../../src/adapters/evidence/read-folder.js';
import { type CollectInput, EvidenceItem, type EvidenceItemName } from '../../src/contracts/evidence.js';
import { verifyEvidence } from '../../src/domain/evidence/verify.js';
import type { Range, RangeOptions } from '../../src/range/index.js';
import { anEnvironment, failureOf, run } from '../fixtures/activities.js';
import { COLLECTOR } from '../fixtures/evidence.js';
import { aBucketRig, BUCKET } from '../fixtures/evidence-bucket.js';
import { aRange, CI_DEPLOY, clientsOf, denyResponder } from '../fixtures/range.js';

const INCIDENT = 'INC-20260301-ABCDEFGH';
const ITEMS = ['cloudTrail', 'cloudWatchLogs', 'vpcFlowLogs', 'credentialReport', 'iamState', 'accessAnalyzer', 'guardDuty'] as const;
const opened: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
});

/** An account, two folders and the activity, wired as the worker would. */
async function aRig(options: RangeOptions = {}, change: Partial<CollectEvidenceDeps> = {}) {
  const [range, folder] = await Promise.all([aRange(options), mkdtemp(join(tmpdir(), 'tourniquet-collect-'))]);
  opened.push(
    () => range.stop(),
    () => rm(folder, { recursive: true }),
  );
  const roots = { evidence: join(folder, 'evidence'), working: join(folder, 'working') };
  const identity = { endpoint: range.endpoint, credentials: range.identities.responder };
  const access = createDirectAccess({ Reader: identity, Responder: identity, Restorer: identity });
  const clientFor = (region: string, account: string) => access.cloudTrail({ account, role: 'Reader' }, region);
  const history = createLookupEvents({ clientFor, regions: ['us-east-1', 'eu-west-1'] });
  const deps: CollectEvidenceDeps = {
    evidence: createFileEvidenceStore(roots.evidence),
    working: createFileEvidenceStore(roots.working),
    clients: (scope) => evidenceClients(access, scope),
    regions: ['us-east-1', 'eu-west-1'],
    gatherRecords: (input) => createGatherer(history).gather(input),
    collectedAs: () => Promise.resolve('arn:aws:iam::111122223333:user/ir/tourniquet-responder'),
    tool: 'tourniquet 0.1.0',
    now: () => new Date().toISOString(),
    ...change,
  };
  return { range, roots, deps, collect: createCollectEvidence(deps) };
}

function anInput(range: Range, item: EvidenceItemName): CollectInput {
  const principal = {
    account: range.accountId,
    kind: 'user' as const,
    name: CI_DEPLOY,
    arn: `arn:aws:iam::${range.accountId}:user/automation/${CI_DEPLOY}`,
    uniqueId: 'AIDAEXAMPLE',
    lockId: `incident/${range.accountId}/user/${CI_DEPLOY}`,
    ownerSubjects: [],
  };
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const accessKeyIds = [range.identities.leaked.accessKeyId];
  return { incidentId: INCIDENT, collectionId: 'c01', item, principal, accessKeyIds, fromAt: at(-3_600_000), toAt: at(60_000) };
}

/** A collected item, or the test fails. */
function collected(item: EvidenceItem): Extract<EvidenceItem, { outcome: 'collected' }> {
  if (item.outcome !== 'collected') throw new Error(`${item.item} is absent: ${item.reason}`);
  return item;
}

async function contentOf(root: string, ref: { path: string } | undefined): Promise<ReturnType<typeof JSON.parse>> {
  return JSON.parse(await readFile(join(root, ref?.path ?? ''), 'utf8'));
}

describe('collectEvidence', () => {
  it('collects each item of S003 appendix B or says why it is absent', async () => {
    const { range, roots, collect } = await aRig();

    const items = await Promise.all(ITEMS.map((item) => run(collect, anInput(range, item))));

    for (const [index, item] of items.entries()) expect(EvidenceItem.parse(item).item).toBe(ITEMS[index]);
    expect(items.filter(({ outcome }) => outcome === 'absent')).toEqual([
      { item: 'vpcFlowLogs', outcome: 'absent', reason: 'no VPC flow log in us-east-1, eu-west-1' },
    ]);
    for (const item of items.filter(({ outcome }) => outcome === 'collected').map(collected)) {
      expect(item.notes.at(-1)).toBe('collected by tourniquet 0.1.0 as arn:aws:iam::111122223333:user/ir/tourniquet-responder');
      for (const { ref, workingCopy, requestIds } of item.files) {
        expect(ref.path).toMatch(new RegExp(`^${INCIDENT}/c01/${item.item}/[\\w.-]+-${ref.sha256.slice(0, 16)}\\.(json|csv)$`));
        expect(requestIds.length).toBeGreaterThan(0);
        expect(await readFile(join(roots.working, workingCopy?.path ?? ''), 'utf8')).not.toBe('');
      }
    }
  });

  it('keeps whole CloudTrail records, in the form of log files, and says that they are not signed', async () => {
    const { range, roots, collect } = await aRig();
    await clientsOf(range, 'leaked').sts.send(new GetSessionTokenCommand({}));

    const item = collected(await run(collect, anInput(range, 'cloudTrail')));

    const { Records } = await contentOf(roots.evidence, item.files[0]?.ref);
    const mine = range.recorded().find(({ eventName }) => eventName === 'GetSessionToken');
    expect(Records).toContainEqual(expect.objectContaining({ ...mine }));
    expect(item.files[0]).toMatchObject({
      api: 'cloudtrail:LookupEvents',
      rows: Records.length,
      truncated: false,
      region: 'us-east-1,eu-west-1',
    });
    expect(item.notes).toEqual(
      expect.arrayContaining([
        expect.stringContaining('not cryptographically verifiable'),
        'no trail: there are no signed log files or digests',
      ]),
    );
  });

  it('keeps the lines of log groups that name the key, and when the credential report was made', async () => {
    const { range, roots, collect } = await aRig();
    const logs = collected(
      await run(collect, { ...anInput(range, 'cloudWatchLogs'), fromAt: new Date(Date.now() - 25 * 3_600_000).toISOString() }),
    );
    const report = collected(await run(collect, anInput(range, 'credentialReport')));

    const { logGroupName, events } = await contentOf(roots.evidence, logs.files[0]?.ref);
    expect(logGroupName).toBe('/acme/ci-deploy');
    expect(logs.files[0]?.ref.path).toContain('/us-east-1-_acme_ci-deploy-');
    expect(events.length).toBe(logs.files[0]?.rows);
    expect(events.every(({ message }: { message: string }) => message.includes(range.identities.leaked.accessKeyId))).toBe(true);
    expect(events.length).toBeGreaterThan(0);
    const csv = await readFile(join(roots.evidence, report.files[0]?.ref.path ?? ''), 'utf8');
    expect(csv).toContain(`arn:aws:iam::111122223333:user/automation/${CI_DEPLOY}`);
    expect(report.files[0]?.rows).toBe(csv.trim().split('\n').length - 1);
    expect(report.notes[0]).toMatch(/^generated at \d{4}-.*Z, before .* the end of the collected time: .*4 hours$/);
  });

  it('pages through the account’s details: 105 users more than a page holds', async () => {
    const { range, roots, collect } = await aRig();
    const { iam } = clientsOf(range, 'admin');
    await Promise.all(Array.from({ length: 105 }, (_, index) => iam.send(new CreateUserCommand({ UserName: `many-${index}` }))));

    const item = collected(await run(collect, anInput(range, 'iamState')));

    const details = await contentOf(roots.evidence, item.files[0]?.ref);
    const all = [...details.UserDetailList, ...details.GroupDetailList, ...details.RoleDetailList, ...details.Policies];
    expect(details.UserDetailList.filter(({ UserName }: { UserName: string }) => UserName.startsWith('many-'))).toHaveLength(105);
    expect(details.UserDetailList[0].CreateDate).toMatch(/^\d{4}-\d\d-\d\dT/);
    expect(item.files[0]).toMatchObject({ rows: all.length, truncated: false });
    expect(item.files[0]?.requestIds.length).toBeGreaterThan(1);
    const credentials = await contentOf(roots.evidence, item.files[1]?.ref);
    expect(credentials.accessKeys.map(({ Status }: { Status: string }) => Status).toSorted()).toEqual(['Active', 'Inactive']);
  });

  it('keeps the whole GuardDuty finding about the key', async () => {
    let hear: (message: unknown) => void = () => undefined;
    const heard = new Promise((resolve) => (hear = resolve));
    const { range, roots, collect } = await aRig({
      onAlert: (message) => (JSON.stringify(message).includes('aws.guardduty') ? hear(message) : undefined),
    });
    range.startActors(['opportunist']);
    await heard;

    const item = collected(await run(collect, anInput(range, 'guardDuty')));

    const { Findings } = await contentOf(roots.evidence, item.files[0]?.ref);
    expect(Findings).toHaveLength(1);
    expect(Findings[0]).toMatchObject({
      Resource: { AccessKeyDetails: { AccessKeyId: range.identities.leaked.accessKeyId } },
      Service: { Count: expect.any(Number) },
    });
    expect(item.files[0]).toMatchObject({ api: 'guardduty:GetFindings', rows: 1, region: 'us-east-1' });
  });

  it('delivered twice stores the same files once', async () => {
    const { range, roots, collect } = await aRig();
    const input = anInput(range, 'iamState');
    const first = collected(await run(collect, input));
    const before = await Promise.all([roots.evidence, roots.working].map(readEvidenceFolder));

    const second = collected(await run(collect, input));

    expect(second.files.map(({ ref, workingCopy }) => [ref, workingCopy])).toEqual(
      first.files.map(({ ref, workingCopy }) => [ref, workingCopy]),
    );
    const after = await Promise.all([roots.evidence, roots.working].map(readEvidenceFolder));
    expect(after.map(({ files }) => files)).toEqual(before.map(({ files }) => files));
  });

  it('beats, and stops when it is cancelled', async () => {
    const { range, collect } = await aRig();
    const env = anEnvironment();
    let beats = 0;
    env.on('heartbeat', () => (beats += 1));
    await run(collect, anInput(range, 'iamState'), env);
    expect(beats).toBeGreaterThan(5);

    const cancelled = anEnvironment();
    cancelled.on('heartbeat', () => cancelled.cancel());
    await expect(run(collect, anInput(range, 'accessAnalyzer'), cancelled)).rejects.toThrow(/cancel|abort/i);
  });

  it('does not collect the timeline', async () => {
    const { range, collect } = await aRig();

    expect(await failureOf(run(collect, anInput(range, 'timeline')))).toMatchObject({ type: 'InvalidPayload', retryable: false });
  });
});

describe('what cannot be read', () => {
  const NEEDS: Readonly<Record<(typeof ITEMS)[number], string>> = {
    cloudTrail: 'cloudtrail:LookupEvents',
    cloudWatchLogs: 'logs:DescribeLogGroups',
    vpcFlowLogs: 'ec2:DescribeFlowLogs',
    credentialReport: 'iam:GenerateCredentialReport',
    iamState: 'iam:GetAccountAuthorizationDetails',
    accessAnalyzer: 'access-analyzer:ListAnalyzers',
    guardDuty: 'guardduty:ListDetectors',
  };

  it.each(ITEMS)('%s: a refusal is an absence with AWS’s reason', async (item) => {
    const { range, collect } = await aRig();
    await denyResponder(range, NEEDS[item]);

    const result = await run(collect, anInput(range, item));

    expect(result).toMatchObject({ item, outcome: 'absent' });
    expect(result.outcome === 'absent' ? result.reason : '').toMatch(/AccessDenied|UnauthorizedOperation/);
  });

  it.each(ITEMS)('%s: a throttled call is Temporal’s to repeat, and then it is collected', async (item) => {
    const { range, collect } = await aRig();
    range.faults.add({ id: 'throttled', match: { api: NEEDS[item] }, effect: { kind: 'throttle' } });

    const failure = await failureOf(run(collect, anInput(range, item)));

    expect(failure).toMatchObject({ type: 'Throttled', retryable: true });
    // The SDK itself tries twice.
    expect(range.faults.hits('throttled')).toBeGreaterThanOrEqual(2);
    range.faults.clear();
    expect((await repeated(() => run(collect, anInput(range, item)))).item).toBe(item);
  });

  it('collects the rest when only a part is refused, and says which', async () => {
    const { range, roots, collect } = await aRig();
    await denyResponder(range, 'iam:ListSSHPublicKeys');

    const item = collected(await run(collect, anInput(range, 'iamState')));

    expect(item.notes[0]).toMatch(/^sshPublicKeys of ci-deploy not read: AccessDenied/);
    expect((await contentOf(roots.evidence, item.files[1]?.ref)).accessKeys).toHaveLength(2);
  });

  it('leaves trails open when they may not be described, and still has the records', async () => {
    const { range, collect } = await aRig();
    await denyResponder(range, 'cloudtrail:DescribeTrails');

    const item = collected(await run(collect, anInput(range, 'cloudTrail')));

    expect(item.notes).toContainEqual(expect.stringMatching(/^trails not read in us-east-1: AccessDenied/));
    expect(item.notes.join()).not.toContain('no trail');
  });

  it('fails when the evidence store refuses: nothing is lost in silence', async () => {
    const { range, deps } = await aRig();
    const bucket = await aBucketRig(range, { bucket: 'no-such-bucket' });
    const collect = createCollectEvidence({ ...deps, evidence: bucket.store });

    expect(await failureOf(run(collect, anInput(range, 'iamState')))).toMatchObject({ type: 'TargetNotFound', retryable: false });
    range.faults.add({ id: 'denied', match: { api: 's3:PutObject' }, effect: { kind: 'error', code: 'AccessDenied', status: 403 } });
    expect(await failureOf(run(collect, anInput(range, 'iamState')))).toMatchObject({ type: 'PermissionDenied', retryable: false });
  });
});

describe('planted secrets', () => {
  it('are in the sealed originals and in no working copy', async () => {
    const { range, roots, collect } = await aRig();
    const secret = range.identities.leaked.secretAccessKey;
    const { iam } = clientsOf(range, 'admin');
    const sts = new STSClient({ region: 'us-east-1', endpoint: range.endpoint, credentials: range.identities.leaked });
    const { Credentials } = await sts.send(new GetSessionTokenCommand({}));
    const document = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: [`arn:aws:s3:::b/sessionToken=${Credentials?.SessionToken ?? ''}`, `arn:aws:s3:::b/${secret}`],
        },
      ],
    };
    await iam.send(new PutUserPolicyCommand({ UserName: CI_DEPLOY, PolicyName: 'notes', PolicyDocument: JSON.stringify(document) }));
    await iam.send(new TagUserCommand({ UserName: CI_DEPLOY, Tags: [{ Key: 'note', Value: `secret_access_key=${secret}` }] }));
    const planted = [
      Credentials?.SessionToken ?? '',
      encodeURIComponent(Credentials?.SessionToken ?? ''),
      secret,
      encodeURIComponent(secret),
    ];
    expect(planted.every((one) => one.length >= 40)).toBe(true);

    for (const item of ITEMS) await run(collect, anInput(range, item));

    const [sealed, working] = await Promise.all([roots.evidence, roots.working].map(textsOf));
    expect(sealed).toContain(Credentials?.SessionToken);
    expect(sealed).toContain(secret);
    for (const one of planted) expect(working).not.toContain(one);
    expect(working).toContain('[redacted]');
    expect(working).toContain(range.identities.leaked.accessKeyId);
  });
});

async function textsOf(root: string): Promise<string> {
  const folder = await readEvidenceFolder(root);
  return (await Promise.all(folder.files.map(({ path }) => folder.read(path))))
    .map((bytes) => Buffer.from(bytes).toString('utf8'))
    .join('\n');
}

describe('a whole collection', () => {
  it('kept in S3 under lock, sealed twice in a chain and downloaded, is verified offline', async () => {
    const { range, roots, deps } = await aRig();
    const bucket = await aBucketRig(range);
    const collect = createCollectEvidence({ ...deps, evidence: bucket.store });
    const seal = createSealEvidence({ evidence: bucket.store, collector: COLLECTOR });
    const sealedAt = new Date().toISOString();

    const items: EvidenceItem[] = [];
    for (const item of ITEMS) items.push(await run(collect, anInput(range, item)));
    const first = await run(seal, { incidentId: INCIDENT, collectionId: 'c01', items, sealedAt });
    const later = await run(collect, { ...anInput(range, 'iamState'), collectionId: 'c02' });
    const second = await run(seal, { incidentId: INCIDENT, collectionId: 'c02', items: [later], sealedAt, previous: first.manifest });
    const { Contents = [] } = await bucket.reader.send(new ListObjectsV2Command({ Bucket: BUCKET, Prefix: 'evidence/' }));
    for (const { Key = '' } of Contents) {
      const { Body } = await bucket.reader.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
      await mkdir(dirname(join(roots.evidence, Key)), { recursive: true });
      await writeFile(join(roots.evidence, Key), (await Body?.transformToByteArray()) ?? '');
    }

    const report = await verifyEvidence(await readEvidenceFolder(roots.evidence), [second.manifest.sha256]);

    expect(report).toMatchObject({ ok: true, problems: [], notes: [] });
    expect(report.incidents).toMatchObject([{ incident: `evidence/${INCIDENT}`, collections: ['c01', 'c02'] }]);
    expect(first).toMatchObject({ absent: ['vpcFlowLogs'], manifest: { store: `s3://${BUCKET}/evidence/` } });
  });
});

/** Repeats as Temporal would: the range itself takes two LookupEvents a second. */
async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const throttled = error instanceof ApplicationFailure && error.type === 'Throttled';
      if (!throttled || attempt === 10) throw error;
      await delay(300);
    }
  }
}
