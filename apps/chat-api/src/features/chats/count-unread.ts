import { otherMember, type UserId } from '@parley/domain';
import type { ChatDocument, Database } from '../../database.ts';

export type CountUnread = (chat: Pick<ChatDocument, '_id' | 'members' | 'marks'>, reader: UserId) => Promise<number>;

/**
 * How many messages of the other member the reader hasn't seen: derived every time, so it can't drift. It asks for the other's
 * by name, so that the index counts no message of the reader's own.
 */
export function createCountUnread({ messages }: Pick<Database, 'messages'>): CountUnread {
  return async ({ _id: chatId, members, marks }, reader) => {
    const senderId = otherMember(members, reader);
    if (senderId === undefined) return 0;
    const seen = marks[reader]?.seen ?? 0;
    return messages.countDocuments({ chatId, senderId, seq: { $gt: seen }, deletedAt: { $exists: false } });
  };
}
