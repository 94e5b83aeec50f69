import type { UnsignedAlert } from '../../contracts/alert.js';
import type { GenericMapping, ParseSettings } from '../../contracts/detection.js';
import { accountInArn, draftAlert, type Judgement, kindFromHints, nameInArn, openIfNamed } from '../draft-alert.js';
import { checkHints } from '../../domain/alerts/grammar.js';
import { valueAtPath } from '../json-path.js';
import { objectsIn, proseAt, RejectedMessageError, textAt, type JsonObject } from '../json-reader.js';
import { requiredText, scoreFromWord, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

/** Products without a file of their own, each by a mapping of `sources.yaml`; `Alert.source` is the mapping's id. */
export const generic: AlertSource = {
  id: 'generic',
  recognises: (body, settings) => mappingOf(body, settings) !== undefined,
  parse: (body, receivedAt, settings) => {
    const mapping = mappingOf(body, settings);
    if (mapping === undefined) throw new RejectedMessageError('no mapping of sources.yaml fits the message');
    return entriesOf(body, mapping).map((entry) => alertOf(entry, mapping, { receivedAt, partition: settings.sources?.partition }));
  },
};

function mappingOf(body: JsonObject, { sources, mapping }: ParseSettings): GenericMapping | undefined {
  const open = (sources?.generic ?? []).filter(({ id }) => mapping === undefined || id === mapping);
  return open.find(({ match }) => valueAtPath(body, match.path) === match.equals);
}

function entriesOf(body: JsonObject, { items }: GenericMapping): JsonObject[] {
  if (items === undefined) return [body];
  const found = valueAtPath(body, items);
  return objectsIn(Array.isArray(found) ? found : [], `${items}: expected a list of objects`);
}

function alertOf(
  entry: JsonObject,
  mapping: GenericMapping,
  { receivedAt, partition }: { receivedAt: string; partition: string | undefined },
): UnsignedAlert {
  const { fields } = mapping;
  const at = (name: keyof GenericMapping['fields']): unknown => {
    const path = fields[name];
    const found = path === undefined ? undefined : valueAtPath(entry, path);
    return typeof found === 'number' ? String(found) : found;
  };
  const text = (name: keyof GenericMapping['fields']): string | undefined => textAt({ [name]: at(name) }, name);
  const arn = text('arn');
  const checked = checkHints(
    {
      account: text('account') ?? accountInArn(arn),
      region: text('region'),
      accessKeyId: text('accessKeyId'),
      userName: text('userName') ?? nameInArn(arn),
      principalId: text('principalId'),
      arn,
    },
    partition,
  );
  return draftAlert({
    source: mapping.id,
    alertId: requiredText({ id: at('id') }, 'id', `message of ${mapping.id}`),
    type: text('type')?.slice(0, 256) ?? `${mapping.id}:alert`,
    title: proseAt({ title: at('title') }, 'title', 512),
    score: scoreFromWord(text('severity'), mapping.severities),
    checked,
    kind: kindFromHints(checked),
    remoteIp: text('remoteIp'),
    times: timesOf({ detected: [at('time')], firstSeen: [at('time')], receivedAt }),
    receivedAt,
    judgement: judge(mapping, openIfNamed(checked, { kind: kindFromHints(checked), reason: `${mapping.id} names the principal` })),
    body: entry,
  });
}

function judge({ disposition, id }: GenericMapping, named: Judgement): Judgement {
  if (named.disposition !== 'open' || disposition === 'open') return named;
  return { disposition: 'review', reason: `alerts of ${id} are for review (sources.yaml)` };
}
