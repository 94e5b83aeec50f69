import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createPolicies } from '../playbooks/load.js';
import type { Range } from '../range/index.js';
import { organizationOf } from './organization.js';

/** A policy folder for a range with an organization: a copy of `from`, with its accounts on the allow-list and an `organization.yaml`. */
export async function writePolicies(folder: string, { from, range }: { from: string; range: Range }): Promise<void> {
  const rails = await createPolicies(from).rails();
  const accounts = [...(range.organization?.accountIds ?? [range.accountId])];
  await cp(from, folder, { recursive: true, filter: (source) => !source.endsWith('.ts') });
  await writeFile(join(folder, 'rails.yaml'), stringify({ ...rails, accounts, rangeAccounts: accounts }));
  await writeFile(join(folder, 'organization.yaml'), stringify(organizationOf(range)));
}
