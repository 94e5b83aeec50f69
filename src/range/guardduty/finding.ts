import type { Finding } from '@aws-sdk/client-guardduty';
import { guardDutyFinding } from '../alerts/findings.js';
import type { ReportedFinding } from '../alerts/alarm.js';
import type { Random } from '../random/random.js';
import { z } from 'zod';

/** The parts of an EventBridge finding that GetFindings writes in another way than by a capital first letter. */
const Detail = z.looseObject({
  id: z.string(),
  arn: z.string(),
  accountId: z.string(),
  region: z.string(),
  partition: z.string(),
  schemaVersion: z.string(),
  type: z.string(),
  severity: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  title: z.string(),
  description: z.string(),
  resource: z.object({
    resourceType: z.string(),
    accessKeyDetails: z.object({ accessKeyId: z.string(), principalId: z.string(), userType: z.string(), userName: z.string() }),
  }),
  service: z.looseObject({
    serviceName: z.string(),
    detectorId: z.string(),
    resourceRole: z.string(),
    eventFirstSeen: z.string(),
    eventLastSeen: z.string(),
    archived: z.boolean(),
    count: z.number(),
    additionalInfo: z.unknown(),
    action: z.object({
      actionType: z.string(),
      awsApiCallAction: z.looseObject({
        api: z.string(),
        serviceName: z.string(),
        callerType: z.string(),
        remoteIpDetails: z.looseObject({
          ipAddressV4: z.string(),
          country: z.object({ countryName: z.string() }),
          organization: z.object({ asn: z.string(), asnOrg: z.string(), isp: z.string(), org: z.string() }),
        }),
      }),
    }),
  }),
});

/** The `detail` of an EventBridge finding. */
export type FindingDetail = z.output<typeof Detail>;

/** The finding in the words of its last delivery. */
export function detailOf({ sighting, count, updatedAt }: ReportedFinding, random: Random): FindingDetail {
  return z.object({ detail: Detail }).parse(guardDutyFinding(sighting, { random, count, now: updatedAt })).detail;
}

/** The finding as GetFindings answers it (GuardDuty API reference, Finding). */
export function findingShape({ resource, service, ...detail }: FindingDetail): Finding {
  const { accessKeyDetails: key } = resource;
  return {
    AccountId: detail.accountId,
    Arn: detail.arn,
    Id: detail.id,
    Partition: detail.partition,
    Region: detail.region,
    SchemaVersion: detail.schemaVersion,
    Type: detail.type,
    Severity: detail.severity,
    Title: detail.title,
    Description: detail.description,
    CreatedAt: detail.createdAt,
    UpdatedAt: detail.updatedAt,
    Resource: {
      ResourceType: resource.resourceType,
      AccessKeyDetails: { AccessKeyId: key.accessKeyId, PrincipalId: key.principalId, UserName: key.userName, UserType: key.userType },
    },
    Service: {
      Action: actionShape(service.action),
      AdditionalInfo: { Type: 'default', Value: JSON.stringify(service.additionalInfo) },
      Archived: service.archived,
      Count: service.count,
      DetectorId: service.detectorId,
      EventFirstSeen: service.eventFirstSeen,
      EventLastSeen: service.eventLastSeen,
      ResourceRole: service.resourceRole,
      ServiceName: service.serviceName,
    },
  };
}

function actionShape({ actionType, awsApiCallAction: call }: FindingDetail['service']['action']) {
  const { ipAddressV4, country, organization } = call.remoteIpDetails;
  return {
    ActionType: actionType,
    AwsApiCallAction: {
      Api: call.api,
      ServiceName: call.serviceName,
      CallerType: call.callerType,
      RemoteIpDetails: {
        IpAddressV4: ipAddressV4,
        Country: { CountryName: country.countryName },
        Organization: { Asn: organization.asn, AsnOrg: organization.asnOrg, Isp: organization.isp, Org: organization.org },
      },
    },
  };
}
