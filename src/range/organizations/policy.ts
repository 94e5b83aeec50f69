import { Facet } from '../facets/facet.js';
import { FacetMap } from '../facets/facet-map.js';

/** A service control policy. Content and targets propagate like everything else. */
export type Scp = {
  /** `p-` and at least 8 letters and digits; AWS's own is `p-FullAWSAccess`. */
  readonly id: string;
  readonly arn: string;
  readonly isAwsManaged: boolean;
  readonly exists: Facet<boolean>;
  readonly name: Facet<string>;
  readonly description: Facet<string>;
  readonly content: Facet<string>;
  /** What it is attached to: ids of roots, organizational units and accounts. */
  readonly targets: FacetMap<true>;
};

/** What a policy starts from. */
export type ScpBirth = { readonly id: string; readonly name: string; readonly description?: string; readonly content: string };

/** Id of the policy that allows everything and that AWS attaches to every new target (Organizations user guide, "SCP examples"). */
export const FULL_AWS_ACCESS_ID = 'p-FullAWSAccess';

const FULL_AWS_ACCESS = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });

/** Makes a customer's policy that is attached to nothing. */
export function createScp(arnStart: string, { id, name, description = '', content }: ScpBirth): Scp {
  return newScp({ id, name, description, content, arn: `${arnStart}/service_control_policy/${id}`, isAwsManaged: false });
}

/** AWS's own policy that allows everything. */
export function createFullAwsAccess(): Scp {
  return newScp({
    id: FULL_AWS_ACCESS_ID,
    name: 'FullAWSAccess',
    description: 'Allows access to every operation',
    content: FULL_AWS_ACCESS,
    arn: `arn:aws:organizations::aws:policy/service_control_policy/${FULL_AWS_ACCESS_ID}`,
    isAwsManaged: true,
  });
}

type Plain = Required<ScpBirth> & Pick<Scp, 'arn' | 'isAwsManaged'>;

function newScp({ id, arn, isAwsManaged, name, description, content }: Plain): Scp {
  return {
    id,
    arn,
    isAwsManaged,
    exists: new Facet<boolean>(true),
    name: new Facet(name),
    description: new Facet(description),
    content: new Facet(content),
    targets: new FacetMap<true>(),
  };
}
