import type { UnsignedAlert } from '../../contracts/alert.js';
import { draftAlert, type Judgement } from '../draft-alert.js';
import { checkHints, shown } from '../../domain/alerts/grammar.js';
import { flagAt, isObject, RejectedMessageError, textAt, valueAt, type JsonObject } from '../json-reader.js';
import { requiredText, timesOf } from '../shared-fields.js';
import type { AlertSource } from '../alert-source.js';

const ROLE = 'AWS::IAM::Role';
const SHARED = 5;
const PUBLIC = 8;

/** IAM Access Analyzer: roles that outsiders may assume. Unused access is no sign of an intruder. */
export const accessAnalyzer: AlertSource = {
  id: 'access-analyzer',
  recognises: (body) => body['source'] === 'aws.access-analyzer',
  parse: (body, receivedAt, { sources }) => {
    const { detail } = body;
    if (!isObject(detail)) throw new RejectedMessageError('detail: expected a finding of Access Analyzer');
    return [alertOf(body, detail, { receivedAt, partition: sources?.partition })];
  },
};

function alertOf(
  body: JsonObject,
  finding: JsonObject,
  { receivedAt, partition }: { receivedAt: string; partition: string | undefined },
): UnsignedAlert {
  const alertId = requiredText(finding, 'id', 'finding of Access Analyzer');
  const resourceType = requiredText(finding, 'resourceType', 'finding of Access Analyzer');
  const resource = textAt(finding, 'resource') ?? '';
  const isRole = resourceType === ROLE;
  const checked = checkHints(
    {
      account: textAt(finding, 'accountId') ?? textAt(body, 'account'),
      region: textAt(finding, 'region') ?? textAt(body, 'region'),
      ...(isRole ? { arn: resource, userName: resource.split('/').at(-1) } : {}),
    },
    partition,
  );
  const isPublic = flagAt(finding, 'isPublic');
  return draftAlert({
    source: 'access-analyzer',
    alertId,
    type: `AccessAnalyzer:${isUnused(body, finding) ? 'UnusedAccess' : 'ExternalAccess'}/${resourceType}`,
    title: `${resourceType} ${shown(resource)} can be used from outside the account`,
    score: isPublic ? PUBLIC : SHARED,
    checked,
    kind: isRole ? 'role' : 'unknown',
    times: timesOf({ detected: [valueAt(finding, 'createdAt'), body['time']], firstSeen: [valueAt(finding, 'createdAt')], receivedAt }),
    receivedAt,
    judgement: judge(finding, { isRole, isPublic, unused: isUnused(body, finding), resourceType }),
    body: finding,
  });
}

function isUnused(body: JsonObject, finding: JsonObject): boolean {
  return (textAt(body, 'detail-type') ?? '').startsWith('Unused Access') || (textAt(finding, 'findingType') ?? '').startsWith('Unused');
}

function judge(
  finding: JsonObject,
  { isRole, isPublic, unused, resourceType }: { isRole: boolean; isPublic: boolean; unused: boolean; resourceType: string },
): Judgement {
  const ignore = (reason: string): Judgement => ({ disposition: 'ignore', reason });
  if (unused) return ignore('access that nobody uses: to tidy up, not a sign of an intruder');
  if (flagAt(finding, 'isDeleted')) return ignore('the resource is deleted');
  const status = textAt(finding, 'status');
  if (status === 'ARCHIVED' || status === 'RESOLVED') return ignore(`the finding is ${status} in Access Analyzer`);
  if (!isRole) return ignore(`${shown(resourceType)} is shared: about data, not about a credential`);
  const account = textAt(finding, 'principal.AWS');
  if (isPublic) return { disposition: 'review', reason: 'anybody may assume the role: is the trust meant?' };
  return {
    disposition: 'review',
    reason: `${account === undefined ? 'somebody outside' : shown(account)} may assume the role: is the trust meant?`,
  };
}
