import { messageAnswer, searchMessagesAnswer, type Message } from '@parley/contracts';
import type { ChatId, MessageId } from '@parley/domain';
import type { z } from 'zod';
import type { Exchange } from '../http/exchange.ts';
import type { Wish } from '../send/change.ts';

const PATH = '/api/v1/chat';

/**
 * Does what `wish` says, and gives the message as it is then. Saying it twice does nothing more.
 * @throws ApiError 403 `not_sender`, 409 `message_deleted` and `edit_conflict`, 422 `too_many_reactions`
 */
export async function changeMessage(exchange: Exchange, id: MessageId, wish: Wish): Promise<Message> {
  return (await exchange({ ...requestOf(`${PATH}/message/${id}`, wish), answer: messageAnswer })).message;
}

function requestOf(path: string, wish: Wish): { method: 'PATCH' | 'DELETE' | 'PUT'; path: string; body?: object } {
  switch (wish.kind) {
    case 'edit':
      return { method: 'PATCH', path, body: { text: wish.text, replaces: wish.replaces } };
    case 'delete':
      return { method: 'DELETE', path };
    case 'reaction':
      return { method: wish.on ? 'PUT' : 'DELETE', path: `${path}/reactions/${encodeURIComponent(wish.emoji)}` };
  }
}

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
