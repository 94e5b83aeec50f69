import { type IAMClient, paginateListRoles, paginateListUsers } from '@aws-sdk/client-iam';
import type { Named } from './resolve-named.js';

/** Both lists come in pages of at most 1,000 (IAM API reference); more users than these are not looked through. */
const PAGE_SIZE = 1_000;
const MAX_PAGES = 10;

/**
 * The user or role that has a unique id, for sources that name nothing else (AWS Config). Undefined where nobody has it any more.
 * Needs `iam:ListUsers`, `iam:ListRoles`.
 */
export async function nameOfId(client: IAMClient, id: string): Promise<Named | undefined> {
  const paging = { client, pageSize: PAGE_SIZE };
  let pages = 0;
  if (id.startsWith('AIDA')) {
    for await (const { Users = [] } of paginateListUsers(paging, {})) {
      const name = Users.find(({ UserId }) => UserId === id)?.UserName;
      if (name !== undefined) return { kind: 'user', name };
      if (++pages >= MAX_PAGES) break;
    }
    return undefined;
  }
  for await (const { Roles = [] } of paginateListRoles(paging, {})) {
    const name = Roles.find(({ RoleId }) => RoleId === id)?.RoleName;
    if (name !== undefined) return { kind: 'role', name, uniqueId: id };
    if (++pages >= MAX_PAGES) break;
  }
  return undefined;
}
