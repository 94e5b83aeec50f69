/** What a request is about, in condition keys (lower case, because IAM's keys ignore case). A missing key is absent. */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

/** Builds a context; keys without a value stay absent. */
export function contextOf(values: Readonly<Record<string, string | readonly string[] | undefined>>): RequestContext {
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
  }
  return context;
}

/** Replaces policy variables such as `${aws:username}`; undefined when the request lacks one, because then nothing can match. */
export function fillVariables(text: string, context: RequestContext): string | undefined {
  let isComplete = true;
  const filled = text.replace(/\$\{([^}]+)\}/g, (_whole, name: string) => {
    if (name === '*' || name === '?' || name === '$') return name;
    const value = context.get(name.toLowerCase())?.[0];
    if (value === undefined) isComplete = false;
    return value ?? '';
  });
  return isComplete ? filled : undefined;
}
