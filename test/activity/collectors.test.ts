import { describe, expect, it } from 'vitest';
import { collectAccessAnalyzer } from '../../activities/evidence/collect/access-analyzer.js';
import { collectCloudTrail } from '../../activities/evidence/collect/cloud-trail.js';
import { collectCloudWatchLogs } from '../../activities/evidence/collect/cloud-watch-logs.js';
import type { Collector, CollectTools, EvidenceClients, GatheredFile } from '../../activities/evidence/collect/collector.js';
import { collectCredentialReport } from '../../activities/evidence/collect/credential-report.js';
import { collectGuardDuty } from '../../activities/evidence/collect/guard-duty.js';
import { collectIamState } from '../../activities/evidence/collect/iam-state.js';
import { collectVpcFlowLogs } from '../../activities/evidence/collect/vpc-flow-logs.js';
import type { CollectInput } from '../../src/contracts/evidence.js';

const INPUT: CollectInput = {
  incidentId: 'INC-1',
  collectionId: 'c01',
  item: 'cloudTrail',
  principal: {
    account: '111122223333',
    kind: 'user',
    name: 'bob',
    arn: 'arn:aws:iam::111122223333:user/bob',
    uniqueId: 'AIDA1',
    lockId: 'incident/x',
    ownerSubjects: [],
  },
  accessKeyIds: ['AKIAIOSFODNN7EXAMPLE', 'AKIAI44QH8DHBEXAMPLE'],
  fromAt: '2026-03-01T10:00:00.000Z',
  toAt: '2026-03-01T12:00:00.000Z',
};

type Answer = (input: Record<string, unknown>, region: string) => object;

/** Clients that answer by command name; AWS is played where the range has no such account. */
function toolsWith(answers: Readonly<Record<string, Answer>>, change: Partial<CollectTools> = {}) {
  const asked: [name: string, input: Record<string, unknown>, region: string][] = [];
  const clientIn = (region: string) => ({
    send: async (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const name = command.constructor.name.replace('Command', '');
      asked.push([name, command.input, region]);
      const answer = answers[name];
      if (answer === undefined) throw new Error(`nobody answers ${name}`);
      return { $metadata: { requestId: `r${asked.length}` }, ...answer(command.input, region) };
    },
  });
  const clients = {
    iam: clientIn('us-east-1'),
    cloudTrail: clientIn,
    logs: clientIn,
    ec2: clientIn,
    accessAnalyzer: clientIn,
    guardDuty: clientIn,
  };
  let calls = 0;
  const tools: CollectTools = {
    clients: clients as unknown as EvidenceClients,
    regions: ['us-east-1', 'eu-west-1'],
    gatherRecords: () => Promise.resolve({ records: [], pages: 0, requestIds: [], regions: ['us-east-1'], complete: true, notes: [] }),
    now: () => '2026-03-01T13:00:00.000Z',
    onCall: () => void (calls += 1),
    pause: () => Promise.resolve(),
    ...change,
  };
  return { tools, asked, calls: () => calls };
}

async function filesOf(
  collector: Collector,
  tools: CollectTools,
  input: CollectInput = INPUT,
): Promise<{ files: readonly GatheredFile[]; notes: readonly string[] }> {
  const gathered = await collector(input, tools);
  if (gathered.outcome === 'absent') throw new Error(gathered.reason);
  return gathered;
}

const refused = (): never => {
  throw Object.assign(new Error('not authorized'), { name: 'AccessDeniedException' });
};

describe('CloudTrail', () => {
  it('names where signed log files are, once per multi-region trail, and orders records whatever order they came in', async () => {
    const trails = [
      { Name: 'org', TrailARN: 'arn:1', S3BucketName: 'logs', S3KeyPrefix: 'ct', LogFileValidationEnabled: true },
      { Name: 'old', TrailARN: 'arn:2', S3BucketName: 'older', LogFileValidationEnabled: false },
    ];
    const records = ['b', 'a', 'c'].map((eventID) => ({
      eventID,
      eventTime: eventID === 'c' ? '2026-03-01T10:00:00Z' : '2026-03-01T11:00:00Z',
    }));
    const gatherRecords = () =>
      Promise.resolve({
        records,
        pages: 4,
        requestIds: ['q1'],
        regions: ['us-east-1'],
        complete: false,
        notes: ['us-east-1: only the newest 1000'],
      });
    const { tools } = toolsWith({ DescribeTrails: () => ({ trailList: trails }) }, { gatherRecords });

    const { files, notes } = await filesOf(collectCloudTrail, tools);

    expect(JSON.parse(files[0]?.content ?? '').Records.map(({ eventID }: { eventID: string }) => eventID)).toEqual(['c', 'a', 'b']);
    expect(files).toMatchObject([
      { rows: 3, truncated: true, requestIds: ['q1'] },
      { rows: 2, requestIds: ['r1', 'r2'] },
    ]);
    expect(notes).toEqual([
      expect.stringContaining('not cryptographically verifiable'),
      'us-east-1: only the newest 1000',
      'trail org: signed log files and digests are in s3://logs/ct/AWSLogs/',
      'trail old: log files without digests are in s3://older/AWSLogs/; they are not verifiable either',
    ]);
  });
});

describe('CloudWatch Logs', () => {
  const groups = Array.from({ length: 205 }, (_, index) => ({ logGroupName: `g${String(index).padStart(3, '0')}` }));
  const trail = { Name: 't', TrailARN: 'a', CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:111122223333:log-group:g204:*' };

  it('searches the groups of trails first, both keys, at most 200 groups a region, and says what it left', async () => {
    const { tools, asked } = toolsWith({
      DescribeTrails: (_input, region) => ({ trailList: region === 'us-east-1' ? [trail] : [] }),
      DescribeLogGroups: ({ nextToken }, region) =>
        region !== 'us-east-1'
          ? {}
          : nextToken === undefined
            ? { logGroups: groups.slice(0, 150), nextToken: 'n' }
            : { logGroups: groups.slice(150) },
      FilterLogEvents: ({ logGroupName, filterPattern }) => ({
        events: logGroupName === 'g204' ? [{ eventId: `e-${String(filterPattern)}`, message: `uses ${String(filterPattern)}` }] : [],
      }),
    });

    const { files, notes } = await filesOf(collectCloudWatchLogs, tools);

    const searched = asked.filter(([name]) => name === 'FilterLogEvents').map(([, input]) => input['logGroupName']);
    expect([searched[0], searched[1], new Set(searched).size]).toEqual(['g204', 'g204', 200]);
    expect(files).toMatchObject([
      { rows: 2, truncated: false, region: 'us-east-1', params: { logGroupName: 'g204', fromAt: INPUT.fromAt } },
    ]);
    expect(notes).toEqual([
      'us-east-1: 200 log groups searched, 199 without a line about the keys',
      'us-east-1: more than 200 log groups, the rest was not searched',
    ]);
  });

  it('stops a group at 10,000 lines and says that it is cut', async () => {
    let page = 0;
    const { tools, calls } = toolsWith({
      DescribeTrails: () => ({ trailList: [] }),
      DescribeLogGroups: (_input, region) => ({ logGroups: region === 'us-east-1' ? [{ logGroupName: '/a b/c' }] : [] }),
      FilterLogEvents: () => {
        page += 1;
        return { events: Array.from({ length: 3000 }, (_, index) => ({ eventId: `${page}-${index}` })), nextToken: 'more' };
      },
    });

    const { files } = await filesOf(collectCloudWatchLogs, tools, { ...INPUT, accessKeyIds: ['AKIAIOSFODNN7EXAMPLE'] });

    expect(files).toMatchObject([{ rows: 10_000, truncated: true, name: 'us-east-1-/a b/c' }]);
    expect(calls()).toBe(2 + 2 + 4);
  });

  it('is absent without keys and without log groups, and when no group may be read', async () => {
    const none = toolsWith({ DescribeTrails: () => ({}), DescribeLogGroups: () => ({}) });
    const denied = toolsWith({
      DescribeTrails: refused,
      DescribeLogGroups: (_i, region) => ({ logGroups: region === 'us-east-1' ? [{ logGroupName: 'g' }] : [] }),
      FilterLogEvents: refused,
    });

    expect(await collectCloudWatchLogs({ ...INPUT, accessKeyIds: [] }, none.tools)).toEqual({
      outcome: 'absent',
      reason: expect.stringContaining('no access key'),
    });
    expect(await collectCloudWatchLogs(INPUT, none.tools)).toEqual({ outcome: 'absent', reason: 'no log group in us-east-1, eu-west-1' });
    expect(await collectCloudWatchLogs(INPUT, denied.tools)).toMatchObject({
      outcome: 'absent',
      reason: expect.stringContaining('g not read: AccessDeniedException'),
    });
  });
});

describe('VPC flow logs', () => {
  it('takes the records of those in CloudWatch Logs and names the place of those in S3', async () => {
    const { tools } = toolsWith({
      DescribeFlowLogs: ({ NextToken }, region) => {
        if (region !== 'eu-west-1') return { FlowLogs: [] };
        return NextToken === undefined
          ? { FlowLogs: [{ FlowLogId: 'fl-1', LogGroupName: 'flows' }], NextToken: 'n' }
          : {
              FlowLogs: [
                { FlowLogId: 'fl-2', LogDestination: 'arn:aws:s3:::flow-bucket' },
                { FlowLogId: 'fl-3', LogGroupName: 'closed' },
              ],
            };
      },
      FilterLogEvents: ({ logGroupName }) =>
        logGroupName === 'closed' ? refused() : { events: [{ message: '2 111122223333 eni-1 10.0.0.1 203.0.113.66' }] },
    });

    const { files, notes } = await filesOf(collectVpcFlowLogs, tools);

    expect(files).toMatchObject([
      { name: 'flow-logs-eu-west-1', api: 'ec2:DescribeFlowLogs', rows: 3 },
      { name: 'records-eu-west-1-flows', rows: 1, params: { logGroupName: 'flows', fromAt: INPUT.fromAt, toAt: INPUT.toAt } },
    ]);
    expect(notes).toEqual([
      'fl-2: records are in arn:aws:s3:::flow-bucket, not copied',
      'records of closed not read: AccessDeniedException: not authorized',
    ]);
  });
});

describe('the credential report', () => {
  const report =
    (GeneratedTime: string): Answer =>
    () => ({ Content: Buffer.from('user,arn\nbob,x\n'), GeneratedTime: new Date(GeneratedTime) });

  it('waits until IAM has made it, and says whether it is older than the collected time', async () => {
    let polls = 0;
    const GenerateCredentialReport = () => ({ State: (polls += 1) < 3 ? 'INPROGRESS' : 'COMPLETE' });
    const old = await filesOf(
      collectCredentialReport,
      toolsWith({ GenerateCredentialReport, GetCredentialReport: report('2026-03-01T09:30:00Z') }).tools,
    );
    const fresh = await filesOf(
      collectCredentialReport,
      toolsWith({ GenerateCredentialReport, GetCredentialReport: report('2026-03-01T12:30:00Z') }).tools,
    );

    expect(polls).toBe(4);
    expect(old.files).toMatchObject([{ content: 'user,arn\nbob,x\n', extension: 'csv', rows: 1, requestIds: ['r1', 'r2', 'r3', 'r4'] }]);
    expect(old.notes[0]).toContain('generated at 2026-03-01T09:30:00.000Z, before 2026-03-01T12:00:00.000Z');
    expect(fresh.notes[0]).toContain('not before 2026-03-01T12:00:00.000Z');
  });

  it('is left to a later attempt when IAM needs more than a minute', async () => {
    const { tools, asked } = toolsWith({ GenerateCredentialReport: () => ({ State: 'STARTED' }) });

    await expect(collectCredentialReport(INPUT, tools)).rejects.toMatchObject({ type: 'ConflictInFlight', nonRetryable: false });
    expect(asked).toHaveLength(30);
  });
});

describe('IAM state', () => {
  it('has the account and the user’s other credentials, and survives a user that is gone', async () => {
    const gone = (): never => {
      throw Object.assign(new Error('no such user'), { name: 'NoSuchEntityException' });
    };
    const { tools } = toolsWith({
      GetAccountAuthorizationDetails: ({ Marker }) =>
        Marker === undefined
          ? { UserDetailList: [{ UserName: 'a' }], IsTruncated: true, Marker: 'm' }
          : { RoleDetailList: [{ RoleName: 'r', CreateDate: new Date(0) }] },
      ListAccessKeys: gone,
      ListMFADevices: gone,
      ListSigningCertificates: gone,
      ListSSHPublicKeys: gone,
      ListServiceSpecificCredentials: gone,
    });

    const { files, notes } = await filesOf(collectIamState, tools);

    expect(files).toMatchObject([{ rows: 2, truncated: false, requestIds: ['r1', 'r2'] }, { rows: 0 }]);
    expect(JSON.parse(files[0]?.content ?? '').RoleDetailList).toEqual([{ CreateDate: '1970-01-01T00:00:00.000Z', RoleName: 'r' }]);
    expect(notes).toHaveLength(5);
  });
});

describe('Access Analyzer', () => {
  it('has every analyzer’s findings, with details of the first 100', async () => {
    const { tools } = toolsWith({
      ListAnalyzers: (_input, region) => ({
        analyzers: region === 'us-east-1' ? [{ arn: 'arn:a', name: 'outside', type: 'ACCOUNT' }] : [],
      }),
      ListFindingsV2: ({ nextToken }) => {
        const findings = Array.from({ length: 60 }, (_, index) => ({ id: `${nextToken === undefined ? 'first' : 'second'}-${index}` }));
        return nextToken === undefined ? { findings, nextToken: 'second' } : { findings };
      },
      GetFindingV2: ({ id }) => ({ id, findingDetails: [] }),
    });

    const { files, notes } = await filesOf(collectAccessAnalyzer, tools);

    expect(files).toMatchObject([{ name: 'findings-us-east-1-outside', rows: 120, truncated: false }]);
    expect(JSON.parse(files[0]?.content ?? '').details).toHaveLength(100);
    expect(notes).toEqual(['outside: details of 100 of 120 findings']);
    const nothing = toolsWith({ ListAnalyzers: () => ({}) });
    expect(await collectAccessAnalyzer(INPUT, nothing.tools)).toEqual({ outcome: 'absent', reason: 'no analyzer in us-east-1, eu-west-1' });
  });
});

describe('GuardDuty', () => {
  it('asks by key and by user name in each region, reads 120 findings in batches of 50, each once', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `f${index}`);
    const { tools, asked } = toolsWith({
      ListDetectors: (_input, region) => (region === 'eu-west-1' ? refused() : { DetectorIds: ['d1'] }),
      ListFindings: ({ NextToken }) =>
        NextToken === undefined ? { FindingIds: ids.slice(0, 50), NextToken: 'n' } : { FindingIds: ids.slice(50), NextToken: '' },
      GetFindings: ({ FindingIds }) => ({ Findings: (FindingIds as string[]).map((Id) => ({ Id })) }),
    });

    const { files, notes } = await filesOf(collectGuardDuty, tools);

    expect(files).toMatchObject([{ name: 'findings-us-east-1', rows: 120, truncated: false }]);
    expect(asked.filter(([name]) => name === 'GetFindings').map(([, input]) => (input['FindingIds'] as string[]).length)).toEqual([
      50, 50, 20,
    ]);
    const criteria = asked
      .filter(([name]) => name === 'ListFindings')
      .map(([, input]) => (input['FindingCriteria'] as { Criterion: object }).Criterion);
    const updatedAt = { GreaterThanOrEqual: Date.parse(INPUT.fromAt) };
    expect(criteria[0]).toEqual({ 'resource.accessKeyDetails.accessKeyId': { Equals: INPUT.accessKeyIds }, updatedAt });
    expect(criteria.at(-1)).toEqual({ 'resource.accessKeyDetails.userName': { Equals: ['bob'] }, updatedAt });
    expect(notes).toEqual(['GuardDuty not read in eu-west-1: AccessDeniedException: not authorized']);
  });

  it('is absent without a detector', async () => {
    const { tools } = toolsWith({ ListDetectors: () => ({ DetectorIds: [] }) });

    expect(await collectGuardDuty(INPUT, tools)).toEqual({
      outcome: 'absent',
      reason: 'GuardDuty has no detector in us-east-1, eu-west-1',
    });
  });
});
