/** Snapshot parts together may take this long; what is slower is named in `notRead` (aws-domain 2.2, S0). */
const SNAPSHOT_CAP_MS = 20_000;

/** Runs one read; a failure or the time cap gives the fallback and a line in `notRead`. */
export type PartReader = <T>(name: string, fallback: T, read: () => Promise<T>) => Promise<T>;

/** Makes the reader of one snapshot's parts. */
export function createPartReader(notRead: string[]): PartReader {
  return async (name, fallback, read) => {
    let timer: NodeJS.Timeout | undefined;
    const cap = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('time cap')), SNAPSHOT_CAP_MS);
    });
    try {
      return await Promise.race([read(), cap]);
    } catch (error) {
      notRead.push(`${name} (${error instanceof Error ? error.name : 'failed'})`);
      return fallback;
    } finally {
      clearTimeout(timer);
    }
  };
}
