import { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest } from './messages.js';
import { requiredParameters, type OperationSchema } from './operation-schema.js';

/** The operation that a REST request names, with the parameters its path carries, decoded. */
export type RouteMatch = { readonly operation: OperationSchema; readonly labels: Readonly<Record<string, string>> };

/** Finds the operation of a REST request; undefined when none fits. */
export type FindRoute = (request: Pick<WireRequest, 'method' | 'path' | 'query'>) => RouteMatch | undefined;

/** One operation's `http` trait, read once. */
type Route = {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly pattern: RegExp;
  readonly labelNames: readonly string[];
  /** Query names that must be there, with their value where the trait fixes one. */
  readonly neededQuery: readonly (readonly [string, string | undefined])[];
  /** How much of the template is fixed: of two templates that fit, the more fixed one is meant. */
  readonly weight: number;
};

/** Added by the SDK to tell S3 operations apart in logs; services do not route by it, so a caller may leave it out. */
const HINT = 'x-id';

/**
 * Reads the URI templates of a service's operations (`/detector/{DetectorId}`, `/{Key+}?uploads`), most fixed first.
 * Required parameters in the query are part of the template: ListParts is a GetObject with an upload id.
 */
export function createRoutes(operations: Iterable<OperationSchema>): FindRoute {
  const routes = [...operations].flatMap((operation) => toRoute(operation) ?? []).sort((left, right) => right.weight - left.weight);
  return (request) => {
    for (const route of routes) {
      const labels = labelsOf(route, request);
      if (labels !== undefined) return { operation: route.operation, labels };
    }
    return undefined;
  };
}

function toRoute(operation: OperationSchema): Route | undefined {
  const [method, uri] = httpTrait(operation);
  if (method === undefined || uri === undefined) return undefined;
  const [path = '', query = ''] = uri.split('?');
  const labelNames = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, name = '']) => name);
  const fixed = [...new URLSearchParams(query)].map(([name, value]) => [name, value === '' ? undefined : value] as const);
  const neededQuery = [...fixed, ...requiredQueryNames(operation).map((name) => [name, undefined] as const)];
  const selective = neededQuery.filter(([name]) => name !== HINT);
  const fixedLength = path.replace(/\{\w+\+?\}/g, '').length;
  return { operation, method, pattern: patternOf(path), labelNames, neededQuery, weight: fixedLength + selective.length * 1000 };
}

/** `{Name}` takes one segment, `{Name+}` any number of them. */
function patternOf(path: string): RegExp {
  const source = path
    .split(/(\{\w+\+?\})/)
    .map((part) => (part.startsWith('{') ? (part.endsWith('+}') ? '(.+)' : '([^/]+)') : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}/?$`, 's');
}

function labelsOf(
  { method, pattern, labelNames, neededQuery }: Route,
  request: Parameters<FindRoute>[0],
): RouteMatch['labels'] | undefined {
  if (request.method !== method) return undefined;
  const groups = pattern.exec(request.path);
  if (groups === null) return undefined;
  const fits = neededQuery.every(([name, value]) => {
    const given = request.query[name];
    return given === undefined ? name === HINT : value === undefined || given === value;
  });
  return fits ? Object.fromEntries(labelNames.map((name, index) => [name, decodeURIComponent(groups[index + 1] ?? '')])) : undefined;
}

function requiredQueryNames(operation: OperationSchema): string[] {
  const input = NormalizedSchema.of(operation[4]);
  if (!input.isStructSchema()) return [];
  const required = new Set(requiredParameters(operation));
  return [...input.structIterator()].flatMap(([name, member]) => {
    const { httpQuery } = member.getMergedTraits();
    return required.has(name) && httpQuery !== undefined ? [httpQuery] : [];
  });
}

/** `[method, uri, status]`; operations of the RPC styles have none. */
export function httpTrait(operation: OperationSchema): readonly [method?: string, uri?: string, status?: number] {
  const traits = operation[3];
  return typeof traits === 'object' ? (traits.http ?? []) : [];
}
