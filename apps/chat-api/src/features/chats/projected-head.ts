import type { Head } from '@parley/contracts';
import { GENESIS_HASH } from '@parley/domain';
import type { ChatDocument } from '../../database.ts';

/** The fields of a chat that `projectedHead` reads. */
export const PROJECTED_HEAD = { lastSeq: 1, lastRev: 1, 'last.message.hash': 1 } as const;

/** Where a chat ends by its projection, which the outbox keeps within seconds of the truth, or by what this process knows to be newer. */
export function projectedHead(chat: Pick<ChatDocument, 'lastSeq' | 'lastRev' | 'last'>, known: Head | undefined): Head {
  if (known && known.rev > chat.lastRev) return known;
  return { seq: chat.lastSeq, rev: chat.lastRev, hash: chat.last.message?.hash ?? GENESIS_HASH };
}
