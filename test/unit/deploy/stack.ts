import { readFileSync } from 'node:fs';
import { parse, type CollectionTag, type ScalarTag, YAMLSeq } from 'yaml';
import { z } from 'zod';
import { packagePath } from '../../../src/config/paths.js';
import { isObject } from '../../../src/domain/json-value.js';
import { HUB } from './template.js';

const Template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.union([z.string(), z.number()]) })),
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()) })),
});

export type Resource = { readonly id: string; readonly type: string; readonly properties: Readonly<Record<string, unknown>> };

const listTag = (name: string): CollectionTag => ({
  tag: `!${name}`,
  collection: 'seq',
  resolve: (value) => ({ [`Fn::${name}`]: value instanceof YAMLSeq ? value.toJSON() : [] }),
});
const TAGS: (ScalarTag | CollectionTag)[] = [
  { tag: '!Ref', resolve: (value: string) => ({ Ref: value }) },
  { tag: '!GetAtt', resolve: (value: string) => ({ 'Fn::GetAtt': value }) },
  { tag: '!Sub', resolve: (value: string) => ({ 'Fn::Sub': value }) },
  ...['If', 'Not', 'Equals'].map(listTag),
];

/** The resources of a template with its default parameters, in the hub's account; optional parts are left out. */
export function stackOf(name: 'triggering' | 'detections'): Resource[] {
  const { Parameters, Resources } = Template.parse(
    parse(readFileSync(packagePath('src', 'deploy', 'aws', `${name}.yaml`), 'utf8'), { customTags: TAGS }),
  );
  const names = new Map<string, string>([['AWS::AccountId', HUB]]);
  for (const [parameter, { Default }] of Object.entries(Parameters)) names.set(parameter, String(Default));
  const filled = (text: string): string => text.replaceAll(/\$\{([\w:]+)\}/g, (_whole, key: string) => names.get(key) ?? key);

  const arnOf = (id: string): string => {
    const { Type, Properties } = Resources[id] ?? { Type: '', Properties: {} };
    if (Type === 'AWS::SQS::Queue') return `arn:aws:sqs:us-east-1:${HUB}:${String(resolve(Properties['QueueName']))}`;
    return `arn:aws:events:us-east-1:${HUB}:rule/${id}`;
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolve);
    if (!isObject(value)) return value;
    if (typeof value['Ref'] === 'string') return names.get(value['Ref']) ?? value['Ref'];
    if (typeof value['Fn::Sub'] === 'string') return filled(value['Fn::Sub']);
    const [id = '', attribute] = typeof value['Fn::GetAtt'] === 'string' ? value['Fn::GetAtt'].split('.') : [];
    if (attribute === 'Arn') return arnOf(id);
    if (attribute === 'QueueName') return resolve(Resources[id]?.Properties['QueueName']);
    if ('Fn::If' in value) return undefined;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, resolve(part)]));
  };
  return Object.entries(Resources).map(([id, { Type, Properties }]) => {
    const properties = resolve(Properties);
    if (!isObject(properties)) throw new Error(`${id} has no properties`);
    return { id, type: Type, properties };
  });
}

/** The one resource of an id. */
export function resourceIn(stack: readonly Resource[], id: string): Resource['properties'] {
  const found = stack.find((resource) => resource.id === id);
  if (found === undefined) throw new Error(`no resource ${id}`);
  return found.properties;
}
