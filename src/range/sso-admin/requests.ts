import type { Clock } from '../clock/clock.js';
import type { Random, Seconds } from '../random/random.js';
import type { PermissionSet } from './identity-center.js';

/** How long Identity Center works on a request: mostly seconds (no figure is published). */
const WORK_SECONDS: Seconds = { min: 2, max: 8 };

/** What a request asks for. */
export type RequestKind = 'provision' | 'createAssignment' | 'deleteAssignment';

/** One request that Identity Center works on in the background. */
export type Request = {
  readonly id: string;
  readonly kind: RequestKind;
  readonly permissionSet: PermissionSet;
  /** Undefined for all accounts where the permission set is provisioned. */
  readonly accountId: string | undefined;
  /** The user of an assignment. */
  readonly principalId?: string;
  readonly createdAt: number;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  failureReason?: string;
};

/** What a request starts from. */
export type NewRequest = Pick<Request, 'kind' | 'permissionSet' | 'accountId' | 'principalId'>;

/** Identity Center's requests, by id. */
export interface Requests {
  /** Begins a request; `work` is done after a seeded time. What it throws makes the request `FAILED`. */
  begin(request: NewRequest, work: () => void): Request;
  find(kind: RequestKind, id: string): Request | undefined;
  /** One under way that touches the same permission set in the same account. */
  conflicting(request: Pick<Request, 'permissionSet' | 'accountId'>): Request | undefined;
  stop(): void;
}

/** Makes an empty list. */
export function createRequests({ clock, random }: { readonly clock: Clock; readonly random: Random }): Requests {
  const requests: Request[] = [];
  const end = new AbortController();

  const finish = async (request: Request, work: () => void): Promise<void> => {
    await clock.sleep(random.millisecondsIn(WORK_SECONDS), end.signal);
    if (end.signal.aborted) return;
    try {
      work();
      request.status = 'SUCCEEDED';
    } catch (error) {
      request.status = 'FAILED';
      request.failureReason = error instanceof Error ? error.message : String(error);
    }
  };

  return {
    begin: (request, work) => {
      const begun: Request = { ...request, id: random.uuid(), createdAt: clock.now(), status: 'IN_PROGRESS' };
      requests.push(begun);
      void finish(begun, work);
      return begun;
    },
    find: (kind, id) => requests.find((one) => one.kind === kind && one.id === id),
    conflicting: ({ permissionSet, accountId }) =>
      requests.find((one) => {
        const isSamePlace = one.accountId === undefined || accountId === undefined || one.accountId === accountId;
        return one.status === 'IN_PROGRESS' && one.permissionSet === permissionSet && isSamePlace;
      }),
    stop: () => end.abort(),
  };
}
