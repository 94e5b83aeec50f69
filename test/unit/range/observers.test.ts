import { GetFindingV2Command, ListAnalyzersCommand, ListFindingsV2Command } from '@aws-sdk/client-accessanalyzer';
import { DescribeLogGroupsCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail';
import { DescribeRegionsCommand } from '@aws-sdk/client-ec2';
import { GetDetectorCommand, GetFindingsCommand, ListDetectorsCommand, ListFindingsCommand } from '@aws-sdk/client-guardduty';
import { CreateRoleCommand, DeleteRoleCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { createVirtualClock, startRange, type Range, type VirtualClock } from '../../../src/range/index.js';
import { clientsFor, errorOf, observersFor, trustText } from './clients.js';

let range: Range;
let clock: VirtualClock;
let look: ReturnType<typeof observersFor>;

beforeEach(async () => {
  clock = createVirtualClock();
  range = await startRange({ clock, propagationSeconds: { min: 0, max: 0 } });
  look = observersFor(range, range.identities.responder);
});

describe('GuardDuty', () => {
  const detector = async (): Promise<string> => (await look.guardduty.send(new ListDetectorsCommand({}))).DetectorIds?.[0] ?? '';

  it('has one detector in one region, and refuses another id with BadRequest', async () => {
    const DetectorId = await detector();
    const elsewhere = observersFor(range, range.identities.responder, 'eu-west-1').guardduty;

    expect(await look.guardduty.send(new GetDetectorCommand({ DetectorId }))).toMatchObject({ Status: 'ENABLED' });
    expect((await elsewhere.send(new ListDetectorsCommand({}))).DetectorIds).toEqual([]);
    expect(await errorOf(look.guardduty.send(new GetDetectorCommand({ DetectorId: 'f'.repeat(32) })))).toBe('BadRequestException');
  });

  it('has no finding before the attack, and then the one that was sent, in the form of GetFindings', async () => {
    const DetectorId = await detector();
    const none = await look.guardduty.send(new ListFindingsCommand({ DetectorId }));
    range.startActors(['opportunist']);
    await clock.advance(15_000);
    await range.stopActors();
    const { FindingIds } = await look.guardduty.send(new ListFindingsCommand({ DetectorId }));
    const { Findings } = await look.guardduty.send(new GetFindingsCommand({ DetectorId, FindingIds }));

    const sent = range.alertsSent().map((alert) => JSON.parse(JSON.stringify(alert)));
    const last = sent.findLast(({ source }) => source === 'aws.guardduty').detail;
    expect(none).toMatchObject({ FindingIds: [], NextToken: '' });
    expect(Findings).toEqual([
      expect.objectContaining({
        Id: last.id,
        Arn: `arn:aws:guardduty:us-east-1:${range.accountId}:detector/${DetectorId}/finding/${last.id}`,
        Type: last.type,
        UpdatedAt: last.updatedAt,
        Resource: {
          ResourceType: 'AccessKey',
          AccessKeyDetails: expect.objectContaining({ AccessKeyId: range.identities.leaked.accessKeyId }),
        },
        Service: expect.objectContaining({ Count: 2, DetectorId, EventFirstSeen: last.service.eventFirstSeen }),
      }),
    ]);
  });

  it('finds by criteria: the key, the type, the time of the last update', async () => {
    const DetectorId = await detector();
    range.startActors(['opportunist']);
    await clock.advance(15_000);
    await range.stopActors();
    const found = async (key: string, condition: object): Promise<number | undefined> => {
      const FindingCriteria = { Criterion: { [key]: condition } };
      return (await look.guardduty.send(new ListFindingsCommand({ DetectorId, FindingCriteria }))).FindingIds?.length;
    };

    expect(await found('resource.accessKeyDetails.accessKeyId', { Equals: [range.identities.leaked.accessKeyId] })).toBe(1);
    expect(await found('resource.accessKeyDetails.accessKeyId', { Equals: [range.identities.admin.accessKeyId] })).toBe(0);
    expect(await found('service.archived', { NotEquals: ['true'] })).toBe(1);
    expect(await found('updatedAt', { GreaterThan: clock.now() })).toBe(0);
    expect(await found('severity', { Gte: 5 })).toBe(1);
  });
});

describe('Access Analyzer', () => {
  const analyzer = async (): Promise<string> => (await look.analyzer.send(new ListAnalyzersCommand({}))).analyzers?.[0]?.arn ?? '';

  it('finds the role that another account may assume, who that is, and no longer once the role is gone', async () => {
    const analyzerArn = await analyzer();
    const { iam } = clientsFor(range, range.identities.admin);
    const AssumeRolePolicyDocument = trustText({ AWS: 'arn:aws:iam::999988887777:root' });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'open', AssumeRolePolicyDocument }));
    const filter = { resource: { contains: ['role/open'] } };
    const { findings = [] } = await look.analyzer.send(new ListFindingsV2Command({ analyzerArn, filter }));
    const detail = await look.analyzer.send(new GetFindingV2Command({ analyzerArn, id: findings[0]?.id }));
    await iam.send(new DeleteRoleCommand({ RoleName: 'open' }));
    const after = await look.analyzer.send(new ListFindingsV2Command({ analyzerArn }));

    expect(findings).toEqual([
      expect.objectContaining({ resource: Role?.Arn, resourceType: 'AWS::IAM::Role', status: 'ACTIVE', findingType: 'ExternalAccess' }),
    ]);
    expect(detail.findingDetails).toEqual([
      {
        externalAccessDetails: {
          action: ['sts:AssumeRole'],
          condition: {},
          isPublic: false,
          principal: { AWS: 'arn:aws:iam::999988887777:root' },
        },
      },
    ]);
    expect(after.findings?.map(({ resource }) => resource)).toEqual([`arn:aws:iam::${range.accountId}:role/OrganizationAccountAccessRole`]);
    expect(await errorOf(look.analyzer.send(new GetFindingV2Command({ analyzerArn, id: findings[0]?.id })))).toBe(
      'ResourceNotFoundException',
    );
    expect(await errorOf(look.analyzer.send(new ListFindingsV2Command({ analyzerArn, filter: { colour: { eq: ['red'] } } })))).toBe(
      'ValidationException',
    );
  });
});

describe('CloudWatch Logs', () => {
  it("has the workload's own log, in which its calls are and the thief's are not", async () => {
    range.startActors(['opportunist']);
    await clock.advance(10_000);
    await range.stopActors();
    const { logGroups = [] } = await look.logs.send(new DescribeLogGroupsCommand({}));
    const logGroupName = logGroups[0]?.logGroupName;
    const { events = [], nextToken } = await look.logs.send(new FilterLogEventsCommand({ logGroupName, limit: 100 }));
    const rest = await look.logs.send(new FilterLogEventsCommand({ logGroupName, limit: 100, nextToken }));

    const ids = new Set([...events, ...(rest.events ?? [])].map(({ message = '{}' }) => JSON.parse(message).requestId));
    const byAddress = (address: string) => range.recorded().filter(({ sourceIPAddress }) => sourceIPAddress === address);
    expect(logGroups.map((group) => group.logGroupName)).toEqual(['/acme/ci-deploy']);
    expect(ids.size).toBe(48 * 3);
    expect(byAddress('198.51.100.24').every(({ requestID }) => ids.has(requestID))).toBe(true);
    expect(byAddress('203.0.113.66').length).toBeGreaterThan(5);
    expect(byAddress('203.0.113.66').some(({ requestID }) => ids.has(requestID))).toBe(false);
  });

  it('filters by terms and by JSON fields, and refuses what it cannot read', async () => {
    const count = async (filterPattern: string): Promise<number | undefined> =>
      (await look.logs.send(new FilterLogEventsCommand({ logGroupName: '/acme/ci-deploy', filterPattern }))).events?.length;

    expect(await count('"sts:AssumeRole"')).toBe(48);
    expect(await count('{ $.api = "iam:GetUser" && $.level = "info" }')).toBe(48);
    expect(await count('{ $.api != "iam:GetUser" }')).toBe(96);
    expect(await count('{ ($.api = iam:*) || ($.api = "sts:AssumeRole" && $.nothing NOT EXISTS) }')).toBe(96);
    expect(await errorOf(count('{ $.api > 3 }'))).toBe('InvalidParameterException');
    expect(await errorOf(look.logs.send(new FilterLogEventsCommand({ logGroupName: '/nobody' })))).toBe('ResourceNotFoundException');
  });
});

it('has no trail: GetTrailStatus is TrailNotFound', async () => {
  const { cloudtrail } = clientsFor(range, range.identities.responder);

  expect(await errorOf(cloudtrail.send(new GetTrailStatusCommand({ Name: 'main' })))).toBe('TrailNotFoundException');
});

it('says "too fast" in the words of each service', async () => {
  range.faults.add({ id: 'slow', match: {}, effect: { kind: 'throttle' } });

  expect(await errorOf(look.ec2.send(new DescribeRegionsCommand({})))).toBe('RequestLimitExceeded');
  expect(await errorOf(look.guardduty.send(new ListDetectorsCommand({})))).toBe('TooManyRequestsException');
  expect(await errorOf(look.analyzer.send(new ListAnalyzersCommand({})))).toBe('ThrottlingException');
  expect(await errorOf(look.logs.send(new DescribeLogGroupsCommand({})))).toBe('ThrottlingException');
});
