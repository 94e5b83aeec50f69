/** AWS's request id of one answer, for the record of what was changed. */
export function requestIdsOf(answer: { $metadata: { requestId?: string | undefined } }): string[] {
  return answer.$metadata.requestId === undefined ? [] : [answer.$metadata.requestId];
}
