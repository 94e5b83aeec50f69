/** What is wrong with one file or link of the chain. */
export type ProblemKind = 'altered' | 'missing' | 'added' | 'moved' | 'manifest' | 'chain' | 'unsealed' | 'head';
export type Problem = { readonly kind: ProblemKind; readonly path: string; readonly detail: string };

/** One incident's evidence. `head` is the SHA-256 of the last manifest: compare it with a copy kept elsewhere. */
export type VerifiedIncident = {
  readonly incident: string;
  readonly collections: readonly string[];
  readonly sealedFiles: number;
  readonly head: string | null;
};

export type EvidenceReport = {
  readonly ok: boolean;
  readonly incidents: readonly VerifiedIncident[];
  readonly problems: readonly Problem[];
  /** What is there unsealed and explains itself. */
  readonly notes: readonly { readonly path: string; readonly detail: string }[];
};
