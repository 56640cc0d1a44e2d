import type { Head } from '@parley/contracts';

/** What a send depends on: where the chat ends, what is asked for, and what is stored already under the same client's id. */
export type SendCommand = { bodyHash: string; replyToSeq?: number | undefined };

export type SendDecision<Known> =
  | { kind: 'append'; seq: number; rev: number; prevHash: string }
  | { kind: 'replay'; message: Known }
  | { kind: 'conflict' }
  | { kind: 'reply_not_found' };

/**
 * Decides a send: the next place in the order, or the stored message where this id was used before.
 *
 * The client's id comes first: a retry gets its message whatever happened to the chat since, and another body under the same
 * id is a conflict, not a second message.
 */
export function decideSend<Known extends { bodyHash: string }>(
  head: Head,
  command: SendCommand,
  known: Known | null,
): SendDecision<Known> {
  if (known) return known.bodyHash === command.bodyHash ? { kind: 'replay', message: known } : { kind: 'conflict' };
  if (command.replyToSeq !== undefined && command.replyToSeq > head.seq) return { kind: 'reply_not_found' };
  return { kind: 'append', seq: head.seq + 1, rev: head.rev + 1, prevHash: head.hash };
}
