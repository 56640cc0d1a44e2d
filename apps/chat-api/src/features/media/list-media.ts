import type { mediaQuery } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import type { Filter } from 'mongodb';
import type { z } from 'zod';
import { MEDIA_INDEX, STORED, type Database, type MessageDocument, type StoredMessage } from '../../database.ts';
import type { Members } from '../chats/members.ts';

export type ListMedia = (
  callerId: UserId,
  chatId: ChatId,
  query: z.output<typeof mediaQuery>,
) => Promise<{ messages: StoredMessage[]; hasMore: boolean }>;

/**
 * One page of a chat's messages with a picture, newest first: the newest, or those next to a seq in either direction. What was
 * deleted has no picture any more.
 *
 * @throws HttpProblem chat_not_found
 */
export function createListMedia(d: { messages: Database['messages']; members: Members }): ListMedia {
  return async (callerId, chatId, { before, after, limit }) => {
    await d.members.require(chatId, callerId);
    const forwards = after !== undefined;
    const filter: Filter<MessageDocument> = { chatId, image: { $exists: true } };
    if (before !== undefined) filter.seq = { $lt: before };
    if (after !== undefined) filter.seq = { $gt: after };

    const found = (await d.messages
      // The hint: a planner that tries both ways might walk through all messages for the few that have a picture.
      .find(filter, { sort: { seq: forwards ? 1 : -1 }, limit: limit + 1, hint: MEDIA_INDEX, projection: STORED })
      .toArray()) as StoredMessage[];
    const messages = found.slice(0, limit);
    if (forwards) messages.reverse();
    return { messages, hasMore: found.length > limit };
  };
}
