import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';

/** Default timestamp of the query protocol: ISO 8601 (the SDK's sentinel 5). */
export const QUERY_TIMESTAMPS = { timestampFormat: { useTrait: true, default: 5 } } as const;

const scalars = new FromStringShapeDeserializer(QUERY_TIMESTAMPS);

/** The flat names of a query body: `Tags.member.1.Key` and so on. */
export type QueryForm = ReadonlyMap<string, string>;

/** `ec2` writes lists flat and capitalizes names, IAM's and STS's `plain` does neither. */
export type QueryDialect = 'plain' | 'ec2';

/** A query body and how it is written. */
export type QuerySource = { readonly form: QueryForm; readonly dialect: QueryDialect };

/** Reads a value of the AWS Query style by its schema: the inverse of the SDK's `QueryShapeSerializer`. */
export function readQuery(schema: NormalizedSchema, source: QuerySource, prefix = ''): unknown {
  if (schema.isStructSchema()) return readStruct(schema, source, prefix);
  if (schema.isListSchema()) return readList(schema, source, prefix);
  if (schema.isMapSchema()) return readMap(schema, source, prefix);
  if (schema.isUnitSchema()) return {};
  return scalars.read(schema, source.form.get(prefix) ?? '');
}

function readStruct(schema: NormalizedSchema, source: QuerySource, prefix: string): object {
  const members: [string, unknown][] = [];
  for (const [name, member] of schema.structIterator()) {
    const key = `${prefix === '' ? '' : `${prefix}.`}${keyOf(name, member, source.dialect)}`;
    if (isPresent(source.form, key)) members.push([name, readQuery(member, source, key)]);
  }
  return Object.fromEntries(members);
}

function keyOf(name: string, member: NormalizedSchema, dialect: QueryDialect): string {
  const { xmlName: given, ec2QueryName }: { xmlName?: string; ec2QueryName?: string } = member.getMergedTraits();
  const xmlName = given ?? name;
  if (dialect === 'plain') return xmlName;
  return ec2QueryName ?? `${xmlName.charAt(0).toUpperCase()}${xmlName.slice(1)}`;
}

function readList(schema: NormalizedSchema, source: QuerySource, prefix: string): unknown[] {
  const item = schema.getValueSchema();
  const isFlat = source.dialect === 'ec2' || schema.getMergedTraits().xmlFlattened === 1;
  const base = isFlat ? prefix : `${prefix}.${item.getMergedTraits().xmlName ?? 'member'}`;
  const items: unknown[] = [];
  for (let index = 1; isPresent(source.form, `${base}.${index}`); index += 1) items.push(readQuery(item, source, `${base}.${index}`));
  return items;
}

function readMap(schema: NormalizedSchema, source: QuerySource, prefix: string): object {
  const { form } = source;
  const value = schema.getValueSchema();
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueName = value.getMergedTraits().xmlName ?? 'value';
  const base = schema.getMergedTraits().xmlFlattened === 1 ? prefix : `${prefix}.entry`;
  const entries: [string, unknown][] = [];
  for (let index = 1; isPresent(form, `${base}.${index}`); index += 1) {
    entries.push([form.get(`${base}.${index}.${keyName}`) ?? '', readQuery(value, source, `${base}.${index}.${valueName}`)]);
  }
  return Object.fromEntries(entries);
}

function isPresent(form: QueryForm, key: string): boolean {
  if (form.has(key)) return true;
  for (const name of form.keys()) if (name.startsWith(`${key}.`)) return true;
  return false;
}
