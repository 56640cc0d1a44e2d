import { mediaAnswer, type MediaAnswer } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import type { Exchange } from '../http/exchange.ts';

/** Which of a chat's pictures: the newest where neither seq is named. Not both. */
export type MediaQuery = { before?: number; after?: number; limit?: number };

/** One page of a chat's messages with a picture, the newest first, each with URLs that are good for 15 minutes at least. */
export const listMedia = (
  exchange: Exchange,
  chatId: ChatId,
  query: MediaQuery,
  signal?: AbortSignal,
): Promise<MediaAnswer> =>
  exchange({
    method: 'GET',
    path: `/api/v1/chat/media/${chatId}`,
    query,
    answer: mediaAnswer,
    ...(signal === undefined ? {} : { signal }),
  });
