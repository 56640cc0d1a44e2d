/** Messages of one word, newest first; `isFull` when there may be older ones. */
export type Strand<T> = { messages: T[]; isFull: boolean };

/**
 * Messages of several words as one list, newest first and each once. It goes down to where the first of the full strands ends:
 * below, that strand may have more. `floor` is that seq, null when all strands came to their end.
 */
export function mergeNewest<T extends { seq: number }>(strands: Strand<T>[]): { messages: T[]; floor: number | null } {
  const ends = strands.flatMap(({ messages, isFull }) => (isFull ? (messages.at(-1)?.seq ?? []) : []));
  const floor = ends.length > 0 ? Math.max(...ends) : null;
  const bySeq = new Map(strands.flatMap(({ messages }) => messages.map((message) => [message.seq, message])));
  const messages = [...bySeq.values()].filter(({ seq }) => floor === null || seq >= floor);
  return { messages: messages.sort((a, b) => b.seq - a.seq), floor };
}
