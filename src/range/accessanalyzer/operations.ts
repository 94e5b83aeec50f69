import type {
  Criterion,
  FindingSummaryV2,
  GetFindingV2Request,
  GetFindingV2Response,
  ListAnalyzersRequest,
  ListAnalyzersResponse,
  ListFindingsV2Request,
  ListFindingsV2Response,
} from '@aws-sdk/client-accessanalyzer';
import { AwsError } from '../aws-error.js';
import { pageOf } from '../iam/paging.js';
import type { Call } from '../server/call.js';
import { operation, type Operations } from '../server/operation.js';
import { outsideTrusts, type OutsideTrust } from './outside-trusts.js';

/** What Access Analyzer is made of: one analyzer for external access in one region. */
export interface AccessAnalyzerDeps {
  readonly region: string;
  /** When the analyzer was made. */
  readonly since: number;
}

const ANALYZER = 'account-external-access';

/** The Access Analyzer calls the range answers; the only resources it looks at are roles. */
export function createAccessAnalyzerOperations({ region, since }: AccessAnalyzerDeps): Operations {
  const arnIn = ({ account }: Call): string => `arn:aws:access-analyzer:${region}:${account.id}:analyzer/${ANALYZER}`;
  const checkAnalyzer = (call: Call, arn: string | undefined): void => {
    if (call.region !== region || arn !== arnIn(call))
      throw new AwsError('ResourceNotFoundException', `Analyzer ${arn ?? ''} does not exist.`, 404);
  };

  return {
    ListAnalyzers: operation<ListAnalyzersRequest, ListAnalyzersResponse>({
      kind: 'read',
      access: (_input, call) => ({ resources: [`arn:aws:access-analyzer:${call.region}:${call.account.id}:analyzer/*`] }),
      run: ({ type }, call) => {
        const isThere = call.region === region && (type === undefined || type === 'ACCOUNT');
        const analyzer = { arn: arnIn(call), name: ANALYZER, type: 'ACCOUNT', createdAt: new Date(since), status: 'ACTIVE' } as const;
        return { analyzers: isThere ? [analyzer] : [] };
      },
    }),

    ListFindingsV2: operation<ListFindingsV2Request, ListFindingsV2Response>({
      kind: 'read',
      access: ({ analyzerArn: arn = '*' }) => ({ resources: [arn] }),
      run: (input, call) => {
        checkAnalyzer(call, input.analyzerArn);
        const all = outsideTrusts(call.account).map((trust) => summary(call, trust));
        const found = all.filter((finding) =>
          Object.entries(input.filter ?? {}).every(([name, criterion]) => fits(finding, name, criterion)),
        );
        const { page, paging } = pageOf(found, { Marker: input.nextToken, MaxItems: input.maxResults });
        return { findings: page, ...(paging.Marker === undefined ? {} : { nextToken: paging.Marker }) };
      },
    }),

    GetFindingV2: operation<GetFindingV2Request, GetFindingV2Response>({
      kind: 'read',
      access: ({ analyzerArn: arn = '*' }) => ({ resources: [arn] }),
      run: (input, call) => {
        checkAnalyzer(call, input.analyzerArn);
        const trust = outsideTrusts(call.account).find(({ id }) => id === input.id);
        if (trust === undefined) throw new AwsError('ResourceNotFoundException', `Finding ${input.id ?? ''} does not exist.`, 404);
        const { principal, isPublic } = trust;
        const details = { action: ['sts:AssumeRole'], condition: {}, isPublic, principal: { AWS: principal } };
        return { ...summary(call, trust), findingDetails: [{ externalAccessDetails: details }] };
      },
    }),
  };
}

function summary(call: Call, { id, role }: OutsideTrust): FindingSummaryV2 {
  return {
    id,
    resource: role.arn,
    resourceType: 'AWS::IAM::Role',
    resourceOwnerAccount: call.account.id,
    status: 'ACTIVE',
    findingType: 'ExternalAccess',
    analyzedAt: new Date(Math.floor(call.at / 1000) * 1000),
    createdAt: new Date(role.createdAt),
    updatedAt: new Date(role.createdAt),
  };
}

/** @throws AwsError ValidationException for a filter the range does not know: ignoring one would show too much */
function fits(finding: FindingSummaryV2, name: string, { eq, neq, contains, exists }: Criterion): boolean {
  const known = ['id', 'resource', 'resourceType', 'resourceOwnerAccount', 'status', 'findingType'].includes(name);
  if (!known) throw new AwsError('ValidationException', `Invalid filter key: ${name}`);
  const value = String(Reflect.get(finding, name));
  return (
    (eq === undefined || eq.includes(value)) &&
    neq?.includes(value) !== true &&
    (contains === undefined || contains.some((part) => value.includes(part))) &&
    exists !== false
  );
}
