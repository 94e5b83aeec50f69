import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ALERT_SOURCES, sourceOf } from '../../src/ingest/registry.js';
import { packagePath } from '../../src/config/paths.js';
import { aFinding, aHealthEvent, publicSamples } from '../unit/ingest/samples.js';

/** What the public samples call their kind → our source. */
const SOURCE_OF_KIND: Record<string, string> = {
  'guardduty-finding': 'guardduty',
  'securityhub-asff': 'security-hub',
  'securityhub-ocsf': 'security-hub-ocsf',
  'aws-health': 'aws-health',
  'access-analyzer': 'access-analyzer',
  'cloudtrail-api-call': 'cloudtrail',
  'cloudwatch-alarm': 'cloudwatch-alarm',
  alertmanager: 'alertmanager',
  'aws-config': 'config',
};

it('has one file per alert source and one source per file', () => {
  const files = readdirSync(packagePath('src', 'ingest', 'sources')).map((name) => name.replace(/\.ts$/, ''));

  expect(ALERT_SOURCES.map(({ id }) => id).toSorted()).toEqual(files.toSorted());
});

it('tells the sources of all public samples apart', () => {
  const bare = publicSamples().filter(({ kind, name }) => kind !== 'envelope' && name !== 'cloudwatch-alarm-via-sns');

  for (const { kind, name, body } of bare) expect(sourceOf(body as Record<string, unknown>)?.id, name).toBe(SOURCE_OF_KIND[kind]);
});

it('lets exactly one source recognise each message', () => {
  const messages = [...publicSamples().map(({ body }) => body), aFinding(), aHealthEvent()] as Record<string, unknown>[];

  for (const message of messages) expect(ALERT_SOURCES.filter((source) => source.recognises(message, {})).length).toBeLessThanOrEqual(1);
});
