import * as accessAnalyzer from '@aws-sdk/client-accessanalyzer';
import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ec2 from '@aws-sdk/client-ec2';
import * as guardduty from '@aws-sdk/client-guardduty';
import * as iam from '@aws-sdk/client-iam';
import * as identityStore from '@aws-sdk/client-identitystore';
import * as lambda from '@aws-sdk/client-lambda';
import * as organizations from '@aws-sdk/client-organizations';
import * as secretsManager from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import * as ssoAdmin from '@aws-sdk/client-sso-admin';
import * as sts from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import { createAccessAnalyzerOperations } from '../../../src/range/accessanalyzer/operations.js';
import { realClock } from '../../../src/range/clock/clock.js';
import { createCloudTrailOperations } from '../../../src/range/cloudtrail/operations.js';
import { createRecorder } from '../../../src/range/cloudtrail/recorder.js';
import { createInstances } from '../../../src/range/ec2/instances.js';
import { createEc2Operations } from '../../../src/range/ec2/operations.js';
import { createGuardDutyOperations } from '../../../src/range/guardduty/operations.js';
import { iamOperations } from '../../../src/range/iam/operations/index.js';
import { createIdentityStoreOperations } from '../../../src/range/identitystore/operations.js';
import { createFunctions } from '../../../src/range/lambda/functions.js';
import { createLambdaOperations } from '../../../src/range/lambda/operations.js';
import { createLogsOperations } from '../../../src/range/logs/operations.js';
import { createWorkloadLog } from '../../../src/range/logs/workload-log.js';
import { organizationsOperations } from '../../../src/range/organizations/operations.js';
import { createRandom } from '../../../src/range/random/random.js';
import { createSecretsManagerOperations } from '../../../src/range/secrets-manager/operations.js';
import { serviceNamed } from '../../../src/range/server/services.js';
import { createSqsOperations } from '../../../src/range/sqs/operations.js';
import { createQueues } from '../../../src/range/sqs/queues.js';
import { createSsoAdminOperations } from '../../../src/range/sso-admin/operations.js';
import { stsOperations } from '../../../src/range/sts/operations.js';
import { createRequestHandler } from '../../../src/range/wire/request-handler.js';
import { organizationWorld } from './organization-world.js';
import { randomValue } from './random-shape.js';

const config = (requestHandler: ReturnType<typeof createRequestHandler>) => ({
  region: 'us-east-1',
  endpoint: 'http://range.invalid',
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIAX', secretAccessKey: 'x' },
  // SQS clients compare bodies with their hashes, and random values do not fit.
  md5: false as const,
  requestHandler,
});

const random = createRandom(20_261_122);
const recorder = createRecorder({ random, delay: { min: 0, max: 0 } });
const region = 'us-east-1';
const log = createWorkloadLog(recorder, { region, group: '/acme/ci-deploy', since: 0, accessKeyId: 'AKIAX', address: '192.0.2.1' });

const { identityCenter } = (await organizationWorld()).world;

const PLAYED = [
  { service: 'iam', module: iam, Client: iam.IAMClient, operations: iamOperations },
  { service: 'sts', module: sts, Client: sts.STSClient, operations: stsOperations },
  { service: 'cloudtrail', module: cloudtrail, Client: cloudtrail.CloudTrailClient, operations: createCloudTrailOperations(recorder) },
  {
    service: 'ec2',
    module: ec2,
    Client: ec2.EC2Client,
    operations: createEc2Operations({ instances: createInstances(random), recorder }),
  },
  {
    service: 'guardduty',
    module: guardduty,
    Client: guardduty.GuardDutyClient,
    operations: createGuardDutyOperations({ alarm: { finding: () => undefined }, random, region, since: 0 }),
  },
  {
    service: 'access-analyzer',
    module: accessAnalyzer,
    Client: accessAnalyzer.AccessAnalyzerClient,
    operations: createAccessAnalyzerOperations({ region, since: 0 }),
  },
  {
    service: 'secretsmanager',
    module: secretsManager,
    Client: secretsManager.SecretsManagerClient,
    operations: createSecretsManagerOperations(),
  },
  { service: 'lambda', module: lambda, Client: lambda.LambdaClient, operations: createLambdaOperations(createFunctions()) },
  { service: 'sso', module: ssoAdmin, Client: ssoAdmin.SSOAdminClient, operations: createSsoAdminOperations(identityCenter, random) },
  {
    service: 'identitystore',
    module: identityStore,
    Client: identityStore.IdentitystoreClient,
    operations: createIdentityStoreOperations(identityCenter),
  },
  {
    service: 'organizations',
    module: organizations,
    Client: organizations.OrganizationsClient,
    operations: organizationsOperations,
  },
  {
    service: 'sqs',
    module: sqs,
    Client: sqs.SQSClient,
    operations: createSqsOperations(createQueues({ accountId: '111122223333', clock: realClock })),
  },
  { service: 'logs', module: logs, Client: logs.CloudWatchLogsClient, operations: createLogsOperations(log) },
];
const cases = PLAYED.flatMap(({ operations, ...rest }) => Object.keys(operations).map((name) => ({ name, ...rest })));

/** The layout of operation schemas is internal to the SDK: this is what turns red when an upgrade changes it. */
describe('the codec against the SDK, with random values', () => {
  it.each(cases)('$service:$name survives 5 round trips of input and output', async ({ service: serviceName, name, module, Client }) => {
    const service = serviceNamed(serviceName);
    const schema = service?.schemas.get(name);
    if (service === undefined || schema === undefined) throw new Error(`no schema for ${name}`);
    const Command: unknown = Reflect.get(module, `${name}Command`);
    if (typeof Command !== 'function') throw new Error(`no command for ${name}`);

    for (let round = 0; round < 5; round += 1) {
      const input = randomValue(NormalizedSchema.of(schema[4]), random);
      const output = Object(randomValue(NormalizedSchema.of(schema[5]), random));
      const received: unknown[] = [];
      const client = new Client(
        config(
          createRequestHandler((request) => {
            received.push(service.codec.operationName(request), service.codec.readInput(schema, request));
            return Promise.resolve({ kind: 'answered', response: service.codec.writeOutput(schema, output, 'request-1') });
          }),
        ),
      );

      const { $metadata, ...answer } = Object(await Reflect.apply(client.send, client, [Reflect.construct(Command, [input])]));

      expect(received).toEqual([name, input]);
      expect(answer).toEqual(NormalizedSchema.of(schema[5]).isStructSchema() ? output : {});
      expect($metadata.requestId).toBe('request-1');
    }
  });
});
