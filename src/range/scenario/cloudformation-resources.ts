import { z } from 'zod';
import type { References } from './cloudformation-intrinsics.js';
import type { AccountContents } from './schema.js';

/** A service control policy of a template. */
export type TemplateScp = {
  readonly logicalId: string;
  readonly name: string;
  readonly document: object;
  readonly targets: readonly string[];
};

/** What a deployed template adds. */
export type TemplateContents = Pick<AccountContents, 'policies' | 'groups' | 'roles'> & {
  readonly scps: readonly TemplateScp[];
  /** By logical id. */
  readonly resourcePolicies: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
};

/** A resource with all references resolved. */
export type Resource = { readonly logicalId: string; readonly type: string; readonly properties: unknown };

const text = z.string();
const document = z.record(text, z.unknown());
const inline = z.array(z.strictObject({ PolicyName: text, PolicyDocument: document })).default([]);
const described = { Path: text.default('/'), Description: text.default('') };
const holder = { Path: text.default('/'), ManagedPolicyArns: z.array(text).default([]), Policies: inline };

const Role = z.strictObject({
  ...holder,
  RoleName: text,
  Description: text.default(''),
  MaxSessionDuration: z.number().default(3600),
  PermissionsBoundary: text.optional(),
  AssumeRolePolicyDocument: document,
});
const ManagedPolicy = z.strictObject({ ...described, ManagedPolicyName: text, PolicyDocument: document });
const Group = z.strictObject({ ...holder, GroupName: text });
const Scp = z.strictObject({
  Name: text,
  Type: z.literal('SERVICE_CONTROL_POLICY'),
  Description: text.default(''),
  TargetIds: z.array(text).default([]),
  Content: document,
});
const ResourcePolicy = z.strictObject({ Content: document });

/** How old the scenario lets deployed things be. */
const AGE_DAYS = 300;

/** Reads resources by their types. @throws Error for a property that is not known, so that nothing is lost in silence */
export function contentsOf(resources: readonly Resource[]): TemplateContents {
  const ofType = (type: string): Resource[] => resources.filter((one) => one.type === type);
  return {
    policies: ofType('AWS::IAM::ManagedPolicy').map(({ properties }) => policyOf(ManagedPolicy.parse(properties))),
    groups: ofType('AWS::IAM::Group').map(({ properties }) => groupOf(Group.parse(properties))),
    roles: ofType('AWS::IAM::Role').map(({ properties }) => roleOf(Role.parse(properties))),
    scps: ofType('AWS::Organizations::Policy').map(({ logicalId, properties }) => scpOf(logicalId, Scp.parse(properties))),
    resourcePolicies: Object.fromEntries(
      ofType('AWS::Organizations::ResourcePolicy').map(({ logicalId, properties }) => [
        logicalId,
        ResourcePolicy.parse(properties).Content,
      ]),
    ),
  };
}

type Contents<Kind extends keyof TemplateContents> = TemplateContents[Kind] extends readonly (infer One)[] ? One : never;

function policyOf({ ManagedPolicyName: name, Path: path, ...rest }: z.output<typeof ManagedPolicy>): Contents<'policies'> {
  return { name, path, description: rest.Description, document: rest.PolicyDocument, ageDays: AGE_DAYS, isQuarantine: false };
}

function groupOf({ GroupName: name, ...rest }: z.output<typeof Group>): Contents<'groups'> {
  return { name, ...holderOf(rest) };
}

function roleOf({ RoleName: name, AssumeRolePolicyDocument: trust, ...rest }: z.output<typeof Role>): Contents<'roles'> {
  const { Description: description, MaxSessionDuration: maxSessionSeconds, PermissionsBoundary: boundary } = rest;
  return { name, ...holderOf(rest), trust, description, maxSessionSeconds, ...(boundary === undefined ? {} : { boundary }) };
}

function holderOf({ Path: path, ManagedPolicyArns: attached, Policies }: Omit<z.output<typeof Group>, 'GroupName'>) {
  const own = Object.fromEntries(Policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument]));
  return { path, ageDays: AGE_DAYS, attached, inline: own };
}

function scpOf(logicalId: string, { Name: name, Content, TargetIds: targets }: z.output<typeof Scp>): TemplateScp {
  return { logicalId, name, document: Content, targets };
}

/** Who has the references of one resource. */
export type Referred = {
  readonly logicalId: string;
  readonly accountId: string;
  readonly policyIds: Readonly<Record<string, string>>;
  /** A property that does not refer to other resources, as names and paths never do. */
  readonly property: (name: string) => unknown;
};

/** What Ref and GetAtt of a resource give (CloudFormation template reference, "Return values"). @throws Error for an unknown type */
export function referencesOf(type: string, { logicalId, accountId, policyIds, property }: Referred): References {
  const arn = (kind: string, name: string): string => `arn:aws:iam::${accountId}:${kind}${described.Path.parse(property('Path'))}${name}`;
  const nameIn = (name: string): string => text.parse(property(name));
  switch (type) {
    case 'AWS::IAM::Role':
      return { ref: nameIn('RoleName'), attributes: { Arn: arn('role', nameIn('RoleName')) } };
    case 'AWS::IAM::Group':
      return { ref: nameIn('GroupName'), attributes: { Arn: arn('group', nameIn('GroupName')) } };
    case 'AWS::IAM::ManagedPolicy': {
      const own = arn('policy', nameIn('ManagedPolicyName'));
      return { ref: own, attributes: { PolicyArn: own } };
    }
    case 'AWS::Organizations::Policy': {
      const id = policyIds[logicalId] ?? logicalId;
      return { ref: id, attributes: { Id: id } };
    }
    case 'AWS::Organizations::ResourcePolicy':
      return { ref: logicalId, attributes: {} };
    default:
      throw new Error(`the range does not read resources of type ${type}`);
  }
}
