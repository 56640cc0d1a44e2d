import type { Head, messagesQuery } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import type { Filter } from 'mongodb';
import type { z } from 'zod';
import { STORED, type Database, type MessageDocument, type StoredMessage } from '../../database.ts';
import type { Members } from '../chats/members.ts';
import { atLeast } from './at-least.ts';
import type { Heads } from './heads.ts';

export type MessagesPage = { messages: StoredMessage[]; head: Head; hasMore: boolean };
export type ListMessages = (
  callerId: UserId,
  chatId: ChatId,
  query: z.output<typeof messagesQuery>,
) => Promise<MessagesPage>;

/**
 * One page of a chat's history, ascending by seq: the newest, or those next to a seq in either direction.
 * @throws HttpProblem chat_not_found
 */
export function createListMessages(d: {
  messages: Database['messages'];
  members: Members;
  heads: Heads;
}): ListMessages {
  return async (callerId, chatId, { before, after, limit }) => {
    await d.members.require(chatId, callerId);
    const forwards = after !== undefined;
    const filter: Filter<MessageDocument> = { chatId };
    if (before !== undefined) filter.seq = { $lt: before };
    if (after !== undefined) filter.seq = { $gt: after };

    // Read before the messages, and its rev kept as it was: a client follows changes from there on, so the page may be newer than that but never older.
    const head = await d.heads.read(chatId);
    const found = (await d.messages
      .find(filter, { sort: { seq: forwards ? 1 : -1 }, limit: limit + 1, projection: STORED })
      .toArray()) as StoredMessage[];
    const messages = found.slice(0, limit);
    if (!forwards) messages.reverse();
    return { messages, head: { ...atLeast(head, messages), rev: head.rev }, hasMore: found.length > limit };
  };
}
