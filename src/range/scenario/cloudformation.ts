import { parse, YAMLSeq, type CollectionTag, type ScalarTag } from 'yaml';
import { z } from 'zod';
import { resolver } from './cloudformation-intrinsics.js';
import { contentsOf, referencesOf, type TemplateContents } from './cloudformation-resources.js';

export type { TemplateContents, TemplateScp } from './cloudformation-resources.js';

/** Where a template is deployed, and with what. */
export type Deployment = {
  readonly accountId: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Ids that Organizations gave to the template's policies, by logical id. */
  readonly policyIds?: Readonly<Record<string, string>>;
};

const Template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.union([z.string(), z.number()]).optional() })).default({}),
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) })),
});

/**
 * Reads the IAM and Organizations resources of a CloudFormation template as they would be after a deployment. Knows Ref,
 * Fn::Sub, Fn::GetAtt and Fn::Join, parameters and the pseudo parameters for account, partition and URL suffix.
 *
 * @throws Error for another intrinsic function, an unknown type or property, or a missing parameter
 */
export function readTemplate(source: string, { accountId, parameters: given, policyIds = {} }: Deployment): TemplateContents {
  const { Parameters, Resources } = Template.parse(parse(source, { customTags: INTRINSIC_TAGS }));
  const parameters = new Map<string, string>();
  for (const [name, { Default }] of Object.entries(Parameters)) {
    const value = given[name] ?? Default;
    if (value === undefined) throw new Error(`the template needs the parameter ${name}`);
    parameters.set(name, String(value));
  }

  const withoutReferences = resolver({ accountId, parameters, references: new Map() });
  const references = new Map(
    Object.entries(Resources).map(([logicalId, { Type, Properties }]) => {
      const property = (name: string): unknown => withoutReferences(Properties[name]);
      return [logicalId, referencesOf(Type, { logicalId, accountId, policyIds, property })];
    }),
  );
  const resolve = resolver({ accountId, parameters, references });
  return contentsOf(
    Object.entries(Resources).map(([logicalId, { Type, Properties }]) => ({ logicalId, type: Type, properties: resolve(Properties) })),
  );
}

/** The short forms of intrinsic functions, read as their long forms. */
const INTRINSIC_TAGS: (ScalarTag | CollectionTag)[] = [
  { tag: '!Ref', resolve: (value: string) => ({ Ref: value }) },
  { tag: '!GetAtt', resolve: (value: string) => ({ 'Fn::GetAtt': value.split('.') }) },
  { tag: '!Sub', resolve: (value: string) => ({ 'Fn::Sub': value }) },
  { tag: '!Join', collection: 'seq', resolve: (value) => ({ 'Fn::Join': value instanceof YAMLSeq ? value.toJSON() : [] }) },
];
