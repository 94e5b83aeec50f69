import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';

/** Default timestamp of the query protocol: ISO 8601 (the SDK's sentinel 5). */
export const QUERY_TIMESTAMPS = { timestampFormat: { useTrait: true, default: 5 } } as const;

const scalars = new FromStringShapeDeserializer(QUERY_TIMESTAMPS);

/** The flat names of a query body: `Tags.member.1.Key` and so on. */
export type QueryForm = ReadonlyMap<string, string>;

/** Reads a value of the AWS Query style by its schema: the inverse of the SDK's `QueryShapeSerializer`. */
export function readQuery(schema: NormalizedSchema, form: QueryForm, prefix = ''): unknown {
  if (schema.isStructSchema()) return readStruct(schema, form, prefix);
  if (schema.isListSchema()) return readList(schema, form, prefix);
  if (schema.isMapSchema()) return readMap(schema, form, prefix);
  if (schema.isUnitSchema()) return {};
  return scalars.read(schema, form.get(prefix) ?? '');
}

function readStruct(schema: NormalizedSchema, form: QueryForm, prefix: string): object {
  const members: [string, unknown][] = [];
  for (const [name, member] of schema.structIterator()) {
    const key = `${prefix === '' ? '' : `${prefix}.`}${member.getMergedTraits().xmlName ?? name}`;
    if (isPresent(form, key)) members.push([name, readQuery(member, form, key)]);
  }
  return Object.fromEntries(members);
}

function readList(schema: NormalizedSchema, form: QueryForm, prefix: string): unknown[] {
  const item = schema.getValueSchema();
  const base = schema.getMergedTraits().xmlFlattened === 1 ? prefix : `${prefix}.${item.getMergedTraits().xmlName ?? 'member'}`;
  const items: unknown[] = [];
  for (let index = 1; isPresent(form, `${base}.${index}`); index += 1) items.push(readQuery(item, form, `${base}.${index}`));
  return items;
}

function readMap(schema: NormalizedSchema, form: QueryForm, prefix: string): object {
  const value = schema.getValueSchema();
  const keyName = schema.getKeySchema().getMergedTraits().xmlName ?? 'key';
  const valueName = value.getMergedTraits().xmlName ?? 'value';
  const base = schema.getMergedTraits().xmlFlattened === 1 ? prefix : `${prefix}.entry`;
  const entries: [string, unknown][] = [];
  for (let index = 1; isPresent(form, `${base}.${index}`); index += 1) {
    entries.push([form.get(`${base}.${index}.${keyName}`) ?? '', readQuery(value, form, `${base}.${index}.${valueName}`)]);
  }
  return Object.fromEntries(entries);
}

function isPresent(form: QueryForm, key: string): boolean {
  if (form.has(key)) return true;
  for (const name of form.keys()) if (name.startsWith(`${key}.`)) return true;
  return false;
}
