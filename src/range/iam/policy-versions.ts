import { noSuchEntity } from '../aws-error.js';
import type { View } from '../facets/facet.js';
import type { ManagedPolicy, PolicyVersion } from './model.js';

/** The versions that are there, oldest first. */
export function versionsOf({ versions }: ManagedPolicy, view: View = 'latest'): PolicyVersion[] {
  return [...versions.values()].filter(({ exists }) => exists.seen(view));
}

/** @throws AwsError NoSuchEntity */
export function versionNamed(policy: ManagedPolicy, id: string, view: View = 'latest'): PolicyVersion {
  const version = versionsOf(policy, view).find((one) => one.id === id);
  if (version === undefined) throw noSuchEntity('policy version', id);
  return version;
}

/** The document of a policy's default version: as configured, as a reader sees it, or as enforced at a time. */
export function documentOf({ versions, defaultVersion }: ManagedPolicy, at: View | { readonly enforcedAt: number } = 'latest'): string {
  const id = typeof at === 'object' && 'enforcedAt' in at ? defaultVersion.effective(at.enforcedAt) : defaultVersion.seen(at);
  const version = versions.get(id);
  if (version === undefined) throw new Error(`a policy has no version ${id}`);
  return version.document;
}
