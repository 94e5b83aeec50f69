import { validationError } from '../aws-error.js';

/** The paging members most IAM list calls take. */
export type PageRequest = { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined };

/** The paging members most IAM list calls return. */
export type PageAnswer = { readonly IsTruncated: boolean; readonly Marker?: string };

/** IAM's page size when the caller names none ("MaxItems ... defaults to 100", IAM API reference). */
const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1000;

/** Cuts one page out of a list; the marker is opaque to callers. */
export function pageOf<T>(items: readonly T[], { Marker, MaxItems = DEFAULT_PAGE }: PageRequest): { page: T[]; paging: PageAnswer } {
  if (MaxItems < 1 || MaxItems > LARGEST_PAGE)
    throw validationError(`Value '${MaxItems}' at 'maxItems' failed to satisfy constraint: Member must be between 1 and ${LARGEST_PAGE}`);
  const start = Marker === undefined ? 0 : readMarker(Marker);
  const end = start + MaxItems;
  const page = items.slice(start, end);
  return { page, paging: end < items.length ? { IsTruncated: true, Marker: writeMarker(end) } : { IsTruncated: false } };
}

function writeMarker(position: number): string {
  return Buffer.from(`page:${position}`).toString('base64url');
}

function readMarker(marker: string): number {
  const match = /^page:(\d+)$/.exec(Buffer.from(marker, 'base64url').toString('utf8'));
  if (match?.[1] === undefined) throw validationError('Invalid Marker.');
  return Number(match[1]);
}
