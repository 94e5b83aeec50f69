import type { ScpEntry, ScpOutcome } from '../../contracts/quarantine-scp.js';
import { canonicalJson } from '../canonical-json.js';
import { isObject } from '../json-value.js';
import { SCP_QUOTA } from '../../contracts/quarantine-scp.js';
import { isOurSid, scpSidOf, scpStatementFor, type ScpStatement } from './scp-documents.js';
import { statementsIn } from './statements.js';

/** One change of a quarantine SCP's content. */
export interface ContentChange {
  readonly do: 'add' | 'remove';
  readonly entry: ScpEntry;
}

/** What the changes make of the content. */
export interface ChangedContent {
  /** Undefined when nothing is to be written. */
  readonly content: string | undefined;
  readonly outcomes: readonly Pick<ScpOutcome, 'result' | 'detail'>[];
  readonly characters: number;
  /** Sids of statements that Tourniquet did not write. */
  readonly unknown: readonly string[];
}

/**
 * Applies changes to the content of a quarantine SCP, one after the other. Statements of others stay as they are; an entry that
 * does not fit is refused alone; an entry that somebody changed is never taken away.
 *
 * @throws Error when the content is no policy
 */
export function changeContent(content: string, changes: readonly ContentChange[]): ChangedContent {
  const policy = parsePolicy(content);
  let statements = [...policy.statements];
  let written = false;
  const render = (rows: readonly ScpStatement[]): string => JSON.stringify({ ...policy.rest, Statement: rows });
  const outcomes = changes.map((change) => {
    const next = changed(statements, change);
    if (next.statements === undefined) return { result: next.result, detail: next.detail };
    if (render(next.statements).length > SCP_QUOTA)
      return { result: 'full' as const, detail: `${render(next.statements).length} of ${SCP_QUOTA} characters` };
    statements = next.statements;
    written = true;
    return { result: 'changed' as const, detail: '' };
  });
  const after = render(statements);
  const unknown = statements.map(sidOf).filter((sid) => !isOurSid(sid));
  return { content: written ? after : undefined, outcomes, characters: after.length, unknown };
}

/** Whether an entry is in the content exactly as it is written. */
export function holdsEntry(content: string, entry: ScpEntry): boolean {
  return parsePolicy(content).statements.some((one) => same(one, scpStatementFor(entry)));
}

/** Sids of the entries that Tourniquet wrote. */
export function ourSidsIn(content: string): string[] {
  return parsePolicy(content).statements.map(sidOf).filter(isOurSid);
}

function sidOf({ Sid }: ScpStatement): string {
  return typeof Sid === 'string' ? Sid : '';
}

interface Step {
  /** Undefined: the content stays. */
  readonly statements?: ScpStatement[];
  readonly result: ScpOutcome['result'];
  readonly detail: string;
}

function changed(statements: readonly ScpStatement[], { do: what, entry }: ContentChange): Step {
  const wanted = scpStatementFor(entry);
  const found = statements.find((one) => one['Sid'] === scpSidOf(entry));
  if (what === 'add') {
    if (found === undefined) return { statements: [...statements, wanted], result: 'changed', detail: '' };
    if (same(found, wanted)) return { result: 'unchanged', detail: '' };
    // Under our Sid only our statement denies what was consented to.
    return { statements: statements.map((one) => (one === found ? wanted : one)), result: 'changed', detail: '' };
  }
  if (found === undefined) return { result: 'unchanged', detail: '' };
  if (!same(found, wanted)) return { result: 'conflict', detail: `statement ${scpSidOf(entry)} is not as it was written` };
  return { statements: statements.filter((one) => one !== found), result: 'changed', detail: '' };
}

function parsePolicy(content: string): { rest: Record<string, unknown>; statements: ScpStatement[] } {
  const parsed: unknown = JSON.parse(content);
  if (!isObject(parsed)) throw new Error('the SCP is no policy document');
  const rest: Record<string, unknown> = { ...parsed };
  delete rest['Statement'];
  return { rest, statements: statementsIn(parsed) };
}

function same(a: ScpStatement, b: ScpStatement): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
