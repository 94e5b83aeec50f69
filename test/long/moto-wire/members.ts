/** What a call answered: its members by path, or its error. */
export type Answer = { readonly error: string; readonly status: number | undefined } | { readonly members: ReadonlyMap<string, string> };

/** Members whose values differ by nature: only that they are there is compared. */
const BY_NATURE = /(^|\.)(\w*Id|Id|Marker|NextToken|SecretAccessKey|Password|Date|Token)$/;

/** Ids inside ARNs of Organizations, and account numbers. */
const IDS = /\b(?:o-[a-z0-9]{10,32}|r-[a-z0-9]{4,32}|ou-[a-z0-9]+-[a-z0-9]{8,32}|p-[a-z0-9]{8,128}|\d{12})\b/g;

/** Makes a call and writes down what can be compared. A step that finds nothing remembered counts as an error. */
export async function answerOf(call: () => Promise<object>): Promise<Answer> {
  try {
    const members = new Map<string, string>();
    for (const [name, value] of Object.entries(await call())) if (name !== '$metadata') collect(value, name, members);
    return { members };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { error: error.name, status: statusOf(error) };
  }
}

function collect(value: unknown, path: string, members: Map<string, string>): void {
  if (value === undefined || value === null) return;
  if (value instanceof Date) members.set(path, 'a time');
  else if (Array.isArray(value)) {
    members.set(path, `${value.length} of them`);
    value.forEach((item, index) => collect(item, `${path}.${index}`, members));
  } else if (typeof value === 'object') {
    for (const [name, item] of Object.entries(value)) collect(item, `${path}.${name}`, members);
  } else {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    members.set(path, BY_NATURE.test(path) ? 'a value' : text.replace(IDS, 'ID'));
  }
}

function statusOf(error: Error): number | undefined {
  if (!('$metadata' in error)) return undefined;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return undefined;
  return typeof $metadata.httpStatusCode === 'number' ? $metadata.httpStatusCode : undefined;
}

/** How two answers to one step differ, a line each; none when they are alike. */
export function differencesOf(range: Answer | undefined, moto: Answer | undefined): string[] {
  if (range === undefined || moto === undefined) return ['not played on both sides'];
  if ('error' in range || 'error' in moto) {
    const [left, right] = [wordsOf(range), wordsOf(moto)];
    return left === right ? [] : [`answer: ${left} | ${right}`];
  }
  const paths = [...new Set([...range.members.keys(), ...moto.members.keys()])].toSorted();
  return paths.flatMap((path) => {
    const [left, right] = [range.members.get(path) ?? 'absent', moto.members.get(path) ?? 'absent'];
    return left === right ? [] : [`${path}: ${left} | ${right}`];
  });
}

function wordsOf(answer: Answer): string {
  return 'error' in answer ? `${answer.error} ${answer.status ?? 'without status'}` : 'done';
}
