import type { UnsignedAlert } from '../../contracts/alert.js';
import { AlertmanagerMapping, type ParseSettings } from '../../contracts/detection.js';
import { sha256Of } from '../../domain/canonical-json.js';
import { draftAlert, type Judgement, kindFromHints, nameInArn, openIfNamed } from '../draft-alert.js';
import { checkHints, shown } from '../../domain/alerts/grammar.js';
import { isObject, listAt, proseAt, RejectedMessageError, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { scoreFromWord, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

const DEFAULTS = AlertmanagerMapping.parse({});

/** Prometheus Alertmanager webhooks, version 4: one alert per firing entry. `sources.yaml` says which labels name the principal. */
export const alertmanager: AlertSource = {
  id: 'alertmanager',
  recognises: (body) => typeof body['groupKey'] === 'string' && Array.isArray(body['alerts']),
  parse: (body, receivedAt, settings) => {
    const entries = listAt(body, 'alerts').filter(isObject);
    if (entries.length === 0) throw new RejectedMessageError('alerts: expected at least one alert');
    const firing = entries.filter((entry) => statusOf(entry, body) !== 'resolved');
    // Nothing burns any more: said once per entry, so that the message has an outcome.
    return (firing.length > 0 ? firing : entries).map((entry) => alertOf(entry, { body, receivedAt, settings }));
  },
};

/** Old versions have the state on the group alone. */
function statusOf(entry: JsonObject, body: JsonObject): string {
  return textAt(entry, 'status') ?? textAt(body, 'status') ?? 'firing';
}

interface Context {
  readonly body: JsonObject;
  readonly receivedAt: string;
  readonly settings: ParseSettings;
}

function alertOf(entry: JsonObject, { body, receivedAt, settings }: Context): UnsignedAlert {
  const { labels = {}, startsAt } = entry;
  const mapping = settings.sources?.alertmanager ?? DEFAULTS;
  const label = (name: string): string | undefined => textAt(labels, name);
  const name = label('alertname');
  if (name === undefined) throw new RejectedMessageError('alerts.labels.alertname: expected the name of the alert');
  const arn = label(mapping.arn);
  const checked = checkHints(
    {
      account: label(mapping.account),
      region: label(mapping.region),
      accessKeyId: label(mapping.accessKeyId),
      userName: label(mapping.userName) ?? nameInArn(arn),
      arn,
      principalId: label(mapping.principalId),
    },
    settings.sources?.partition,
  );
  const status = statusOf(entry, body);
  const kind = kindFromHints(checked);
  return draftAlert({
    source: 'alertmanager',
    alertId: textAt(entry, 'fingerprint') ?? sha256Of(labels),
    type: `Alertmanager:${name.slice(0, 200)}`,
    title: proseAt(valueAt(entry, 'annotations'), 'summary', 512) ?? name,
    score: scoreFromWord(label(mapping.severity), mapping.severities),
    checked,
    kind,
    times: timesOf({ detected: [startsAt], firstSeen: [startsAt], receivedAt }),
    receivedAt,
    judgement: judge(status, openIfNamed(checked, { kind, reason: `Alertmanager ${shown(name)}` })),
    // Annotations hold the current value and change at every evaluation.
    body: { labels, startsAt, status },
  });
}

function judge(status: string, named: Judgement): Judgement {
  return status === 'resolved' ? { disposition: 'ignore', reason: 'the alert is resolved' } : named;
}
