import type { searchMessagesQuery } from '@parley/contracts';
import { searchTerms, type ChatId, type SearchTerms, type UserId } from '@parley/domain';
import type { Filter } from 'mongodb';
import type { z } from 'zod';
import type { ChatDocument, Database, StoredMessage } from '../../database.ts';
import { activityOf, BY_ACTIVITY, lessActiveThan } from '../chats/activity.ts';
import type { Members } from '../chats/members.ts';
import { createSearchChat } from './search-chat.ts';
import { decodeSearchCursor, encodeSearchCursor, type SearchPosition } from './search-cursor.ts';

/** How many chats one request looks into, and how many of them at once. */
const CHATS_MAX = 64;
const CHATS_AT_ONCE = 8;
const FROM_THE_END = Number.MAX_SAFE_INTEGER;

export type SearchMessages = (
  callerId: UserId,
  query: z.output<typeof searchMessagesQuery>,
) => Promise<{ messages: StoredMessage[]; nextCursor: string | null }>;

/**
 * Messages with all words of `q`, the last one as a prefix, in one chat or in all of the caller's, the one that was active last first;
 * within a chat newest first. A page may be short, or empty, and still have a cursor, so that no request looks at everything.
 *
 * @throws HttpProblem chat_not_found; invalid_request for a cursor that no page gave
 */
export function createSearchMessages(d: Pick<Database, 'chats' | 'messages'> & { members: Members }): SearchMessages {
  const searchChat = createSearchChat(d);

  const inOneChat = async (chatId: ChatId, terms: SearchTerms, limit: number, from: SearchPosition | undefined) => {
    const { messages, resumeAt } = await searchChat(chatId, terms, { limit, before: from?.before ?? FROM_THE_END });
    return { messages, nextCursor: resumeAt === null ? null : encodeSearchCursor({ at: 0, chatId, before: resumeAt }) };
  };

  /** The chats to look into, each with where to begin, and whether there are further ones. */
  const chatsFrom = async (callerId: UserId, from: SearchPosition | undefined) => {
    if (from) await d.members.require(from.chatId, callerId);
    const filter: Filter<ChatDocument> = { members: callerId, ...(from && lessActiveThan(from)) };
    const found = await d.chats
      .find(filter, {
        sort: BY_ACTIVITY,
        limit: CHATS_MAX + 1,
        projection: { 'last.at': 1 },
      })
      .toArray();
    const chats: SearchPosition[] = found
      .slice(0, CHATS_MAX)
      .map((chat) => ({ ...activityOf(chat), before: FROM_THE_END }));
    return { chats: from && from.before > 0 ? [from, ...chats] : chats, isMore: found.length > CHATS_MAX };
  };

  const inAllChats = async (callerId: UserId, terms: SearchTerms, limit: number, from: SearchPosition | undefined) => {
    const { chats, isMore } = await chatsFrom(callerId, from);
    const messages: StoredMessage[] = [];
    for (let next = 0; next < chats.length; next += CHATS_AT_ONCE) {
      const group = chats.slice(next, next + CHATS_AT_ONCE);
      const found = await Promise.all(group.map(({ chatId, before }) => searchChat(chatId, terms, { limit, before })));
      for (const [index, { messages: own, resumeAt }] of found.entries()) {
        const chat = group[index];
        if (!chat) continue;
        const room = limit - messages.length;
        messages.push(...own.slice(0, room));
        const goOn = own.length > room ? (own[room - 1]?.seq ?? chat.before) : resumeAt;
        if (goOn !== null) return { messages, nextCursor: encodeSearchCursor({ ...chat, before: goOn }) };
      }
    }
    const last = chats.at(-1);
    return { messages, nextCursor: isMore && last ? encodeSearchCursor({ ...last, before: 0 }) : null };
  };

  return async (callerId, { q, chatId, limit, cursor }) => {
    if (chatId) await d.members.require(chatId, callerId);
    const from = cursor === undefined ? undefined : decodeSearchCursor(cursor);
    const terms = searchTerms(q);
    if (!terms) return { messages: [], nextCursor: null };
    return chatId ? inOneChat(chatId, terms, limit, from) : inAllChats(callerId, terms, limit, from);
  };
}
