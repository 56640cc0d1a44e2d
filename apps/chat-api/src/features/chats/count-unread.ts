import type { ChatId, UserId } from '@parley/domain';
import type { Database } from '../../database.ts';

export type CountUnread = (chatId: ChatId, reader: UserId, seen: number) => Promise<number>;

/** How many messages of the other member the reader hasn't seen: derived every time, so it can't drift. */
export function createCountUnread({ messages }: Pick<Database, 'messages'>): CountUnread {
  return (chatId, reader, seen) =>
    messages.countDocuments({ chatId, seq: { $gt: seen }, senderId: { $ne: reader }, deletedAt: { $exists: false } });
}
