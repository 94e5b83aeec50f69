import type { Client } from '@temporalio/client';

const ANSWER_MS = 5_000;

/** Makes the question whether Temporal answers for the client's namespace. Never rejects; answered within 5 seconds. */
export function createTemporalAnswers({ connection, options: { namespace } }: Client): () => Promise<boolean> {
  return () =>
    connection
      .withDeadline(Date.now() + ANSWER_MS, () => connection.workflowService.describeNamespace({ namespace }))
      .then(
        () => true,
        () => false,
      );
}
