import type {
  GetDetectorRequest,
  GetDetectorResponse,
  GetFindingsRequest,
  GetFindingsResponse,
  ListDetectorsRequest,
  ListDetectorsResponse,
  ListFindingsRequest,
  ListFindingsResponse,
} from '@aws-sdk/client-guardduty';
import type { Alarm } from '../alerts/alarm.js';
import { guardDutyIds } from '../alerts/findings.js';
import { AwsError } from '../aws-error.js';
import { pageOf } from '../iam/paging.js';
import type { Random } from '../random/random.js';
import type { Call } from '../server/call.js';
import { operation, type Access, type Operations } from '../server/operation.js';
import { fitsCriteria } from './criteria.js';
import { detailOf, findingShape, type FindingDetail } from './finding.js';

/** What GuardDuty is made of: one detector in one region, and what the alarm reported. */
export interface GuardDutyDeps {
  readonly alarm: Pick<Alarm, 'finding'>;
  /** The stream the alarm draws its ids from. */
  readonly random: Random;
  readonly region: string;
  /** When the detector was switched on. */
  readonly since: number;
}

/** Largest page and largest number of ids (GuardDuty API reference). */
const LARGEST = 50;

/** The GuardDuty calls the range answers. */
export function createGuardDutyOperations({ alarm, random, region, since }: GuardDutyDeps): Operations {
  const detector = createDetectorGuard(random, region);
  const findings = (): FindingDetail[] => {
    const finding = alarm.finding();
    return finding === undefined ? [] : [detailOf(finding, random)];
  };
  return { ...createDetectorOperations(detector, since), ...createFindingOperations(detector, findings) };
}

/** The one detector, and where it is. */
type Detector = { readonly id: string; readonly region: string; readonly check: (call: Call, id: string | undefined) => void };

function createDetectorGuard(random: Random, region: string): Detector {
  const { detectorId: id } = guardDutyIds(random);
  const check: Detector['check'] = (call, wanted) => {
    if (call.region !== region || wanted !== id)
      throw badRequest('The request is rejected because the input detectorId is not owned by the current account.');
  };
  return { id, region, check };
}

function createDetectorOperations({ id, region, check }: Detector, since: number): Operations {
  return {
    ListDetectors: operation<ListDetectorsRequest, ListDetectorsResponse>({
      kind: 'read',
      access: () => ({ resources: ['*'] }),
      run: (_input, call) => ({ DetectorIds: call.region === region ? [id] : [] }),
    }),

    GetDetector: operation<GetDetectorRequest, GetDetectorResponse>({
      kind: 'read',
      access: onDetector,
      run: (input, call) => {
        check(call, input.DetectorId);
        const ServiceRole = `arn:aws:iam::${call.account.id}:role/aws-service-role/guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty`;
        const at = new Date(since).toISOString();
        return { CreatedAt: at, UpdatedAt: at, Status: 'ENABLED', FindingPublishingFrequency: 'FIFTEEN_MINUTES', ServiceRole };
      },
    }),
  };
}

function createFindingOperations({ check }: Detector, findings: () => FindingDetail[]): Operations {
  return {
    ListFindings: operation<ListFindingsRequest, ListFindingsResponse>({
      kind: 'read',
      access: onDetector,
      run: (input, call) => {
        check(call, input.DetectorId);
        if ((input.MaxResults ?? LARGEST) > LARGEST)
          throw badRequest('The request is rejected because the parameter maxResults has an invalid value.');
        const criteria = input.FindingCriteria?.Criterion ?? {};
        const ids = findings()
          .filter((detail) => fitsCriteria(detail, criteria))
          .map(({ id }) => id);
        const { page, paging } = pageOf(ids, {
          Marker: input.NextToken === '' ? undefined : input.NextToken,
          MaxItems: input.MaxResults ?? LARGEST,
        });
        // GuardDuty ends its pages with an empty token, not with a missing one.
        return { FindingIds: page, NextToken: paging.Marker ?? '' };
      },
    }),

    GetFindings: operation<GetFindingsRequest, GetFindingsResponse>({
      kind: 'read',
      access: onDetector,
      run: (input, call) => {
        check(call, input.DetectorId);
        const { FindingIds: ids = [] } = input;
        if (ids.length > LARGEST) throw badRequest('The request is rejected because the parameter findingIds has an invalid value.');
        return {
          Findings: findings()
            .filter(({ id }) => ids.includes(id))
            .map(findingShape),
        };
      },
    }),
  };
}

function onDetector({ DetectorId: id = '' }: { readonly DetectorId?: string | undefined }, call: Call): Access {
  return { resources: [`arn:aws:guardduty:${call.region}:${call.account.id}:detector/${id}`] };
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
