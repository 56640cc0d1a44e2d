import { otherMember, type ChatId, type MemberPair, type UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { LRUCache } from 'lru-cache';
import type { Database } from '../../database.ts';

const CACHED_CHATS = 100_000;

export type Members = {
  /**
   * The members of a chat, one of whom is `userId`.
   * @throws HttpProblem chat_not_found, also when the chat exists and isn't theirs: nobody learns that it does
   */
  require(chatId: ChatId, userId: UserId): Promise<MemberPair>;
  /** The members of a chat that exists. */
  of(chatId: ChatId): Promise<MemberPair>;
  remember(chatId: ChatId, members: MemberPair): void;
};

/** Who belongs to which chat. The members of a chat never change and a chat is never removed, so what is cached stays true. */
export function createMembers({ chats }: Pick<Database, 'chats'>): Members {
  const cache = new LRUCache<ChatId, MemberPair>({ max: CACHED_CHATS });

  const find = async (chatId: ChatId): Promise<MemberPair | undefined> => {
    const known = cache.get(chatId);
    if (known) return known;
    const chat = await chats.findOne({ _id: chatId }, { projection: { _id: 0, members: 1 } });
    if (chat) cache.set(chatId, chat.members);
    return chat?.members;
  };

  return {
    require: async (chatId, userId) => {
      const members = await find(chatId);
      if (!members || otherMember(members, userId) === undefined) throw chatNotFound();
      return members;
    },
    of: async (chatId) => {
      const members = await find(chatId);
      if (!members) throw new Error(`chat ${chatId} has messages and doesn't exist`);
      return members;
    },
    remember: (chatId, members) => void cache.set(chatId, members),
  };
}

/** The one answer for a chat that doesn't exist and one that isn't the caller's. */
export function chatNotFound(): HttpProblem {
  return new HttpProblem('chat_not_found', 'There is no such chat.');
}
