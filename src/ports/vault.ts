/** Where new secrets go (design 9.4): they are written there and nowhere else. */
export interface Vault {
  /** The secret's address and the ids of its versions; undefined when there is none of that name. */
  find(name: string): Promise<{ readonly arn: string; readonly versionIds: readonly string[] } | undefined>;
  /**
   * Stores a value as a version under our own id; the newest is the current one. The same id again changes nothing.
   *
   * @throws PreconditionFailed, permanent: the id holds another value.
   */
  put(
    name: string,
    version: { readonly versionId: string; readonly value: string; readonly description: string },
  ): Promise<{ arn: string }>;
  /** Reads a version back, to see that it works. Never for a payload, a log or a message. */
  get(name: string, versionId: string): Promise<string>;
}
