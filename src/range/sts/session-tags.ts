import type { Tag } from '@aws-sdk/client-sts';
import { validationError } from '../aws-error.js';
import type { SessionPart } from '../iam/credentials.js';
import type { Call } from '../server/call.js';
import type { ContextKeys } from '../server/context.js';

/** The tags of a new session. */
export type SessionTags = Required<Pick<SessionPart, 'tags' | 'transitiveTagKeys'>>;

type TagInput = { readonly Tags?: readonly Tag[] | undefined; readonly TransitiveTagKeys?: readonly string[] | undefined };

/** A session has at most this many tags (STS API reference, AssumeRole). */
const MAX_TAGS = 50;

/**
 * The tags a new session gets: those passed, and the transitive ones of the caller's own session.
 *
 * @throws AwsError ValidationError for too many tags, or one that the chain has already set
 */
export function sessionTagsOf({ caller }: Call, { Tags = [], TransitiveTagKeys = [] }: TagInput): SessionTags {
  const { tags: own, transitiveTagKeys: kept = [] } = caller.session ?? {};
  const inherited = kept.flatMap((key) => {
    const value = own?.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const clash = Tags.find(({ Key: key = '' }) => kept.includes(key));
  if (clash !== undefined) throw validationError(`Transitive tag key ${clash.Key ?? ''} cannot be overwritten.`);
  if (Tags.length > MAX_TAGS) throw validationError(`The number of session tags must not exceed ${MAX_TAGS}.`);
  const passed = Tags.map(({ Key: key = '', Value: value = '' }) => [key, value] as const);
  return { tags: new Map([...inherited, ...passed]), transitiveTagKeys: [...kept, ...TransitiveTagKeys] };
}

/** The condition keys of passed tags (IAM user guide, "Pass session tags"). */
export function tagContext({ Tags = [], TransitiveTagKeys = [] }: TagInput): ContextKeys {
  return {
    ...Object.fromEntries(Tags.map(({ Key: key = '', Value: value = '' }) => [`aws:RequestTag/${key}`, value])),
    'aws:TagKeys': Tags.length === 0 ? undefined : Tags.map(({ Key: key = '' }) => key),
    'sts:TransitiveTagKeys': TransitiveTagKeys.length === 0 ? undefined : TransitiveTagKeys,
  };
}
