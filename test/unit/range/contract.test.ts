import * as cloudtrail from '@aws-sdk/client-cloudtrail';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { NormalizedSchema } from '@smithy/core/schema';
import { describe, expect, it } from 'vitest';
import { createCloudTrailOperations } from '../../../src/range/cloudtrail/operations.js';
import { createRecorder } from '../../../src/range/cloudtrail/recorder.js';
import { iamOperations } from '../../../src/range/iam/operations/index.js';
import { createRandom } from '../../../src/range/random/random.js';
import { serviceNamed } from '../../../src/range/server/services.js';
import { stsOperations } from '../../../src/range/sts/operations.js';
import { createRequestHandler } from '../../../src/range/wire/request-handler.js';
import { randomValue } from './random-shape.js';

const config = (requestHandler: ReturnType<typeof createRequestHandler>) => ({
  region: 'us-east-1',
  endpoint: 'http://range.invalid',
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIAX', secretAccessKey: 'x' },
  requestHandler,
});

const random = createRandom(20_261_122);
const cloudTrailOperations = createCloudTrailOperations(createRecorder({ random, delay: { min: 0, max: 0 } }));
const cases = [
  ...Object.keys(iamOperations).map((name) => ({ service: 'iam', name, module: iam, Client: iam.IAMClient })),
  ...Object.keys(stsOperations).map((name) => ({ service: 'sts', name, module: sts, Client: sts.STSClient })),
  ...Object.keys(cloudTrailOperations).map((name) => ({
    service: 'cloudtrail',
    name,
    module: cloudtrail,
    Client: cloudtrail.CloudTrailClient,
  })),
];

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
