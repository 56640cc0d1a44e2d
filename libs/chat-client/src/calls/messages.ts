import { messageAnswer, searchMessagesAnswer, type Message } from '@parley/contracts';
import type { ChatId, MessageId } from '@parley/domain';
import type { z } from 'zod';
import type { Exchange } from '../http/exchange.ts';

const PATH = '/api/v1/chat';

/** Gives one's own message another text; 403 `not_sender`, 409 `message_deleted`. */
export const patchMessage = async (exchange: Exchange, id: MessageId, text: string): Promise<Message> => {
  const path = `${PATH}/message/${id}`;
  return (await exchange({ method: 'PATCH', path, body: { text }, answer: messageAnswer })).message;
};

/** Takes back one's own message: its place stays, its text goes. */
export const deleteMessage = async (exchange: Exchange, id: MessageId): Promise<Message> =>
  (await exchange({ method: 'DELETE', path: `${PATH}/message/${id}`, answer: messageAnswer })).message;

/** Leaves an emoji on a message, or takes it away; 409 `message_deleted`, 422 `too_many_reactions`. */
export const putReaction = async (exchange: Exchange, id: MessageId, emoji: string, on: boolean): Promise<Message> => {
  const path = `${PATH}/message/${id}/reactions/${encodeURIComponent(emoji)}`;
  return (await exchange({ method: on ? 'PUT' : 'DELETE', path, answer: messageAnswer })).message;
};

export type FoundMessages = z.infer<typeof searchMessagesAnswer>;

/** Messages with all words of `q`, the last of which may be only begun: in one chat, or in all of mine. */
export const searchMessages = (
  exchange: Exchange,
  query: { q: string; chatId?: ChatId | undefined; cursor?: string | undefined; limit?: number },
  signal?: AbortSignal,
): Promise<FoundMessages> =>
  exchange({
    method: 'GET',
    path: `${PATH}/search`,
    query,
    answer: searchMessagesAnswer,
    ...(signal === undefined ? {} : { signal }),
  });
