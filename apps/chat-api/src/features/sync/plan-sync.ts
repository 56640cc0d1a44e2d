import type { ChatId } from '@parley/domain';

/** A chat that is synced: where it ends now, and up to which rev the client has it. */
export type SyncPosition = { id: ChatId; headRev: number; cursor: number };
/** Read the changes after `cursor`, at most `limit` of them; 0: nothing of this chat goes into this answer. */
export type SyncRead = { id: ChatId; cursor: number; limit: number };

/**
 * Shares an answer's messages out among its chats, first come first served. A chat can't have more changed messages than revs after
 * the cursor, so those with nothing new need no read at all.
 */
export function planSync(positions: SyncPosition[], max: { perChat: number; inAll: number }): SyncRead[] {
  let left = max.inAll;
  return positions.map(({ id, headRev, cursor }) => {
    const limit = Math.max(0, Math.min(headRev - cursor, max.perChat, left));
    left -= limit;
    return { id, cursor, limit };
  });
}
