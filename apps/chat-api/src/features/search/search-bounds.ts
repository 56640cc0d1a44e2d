import type { ChatId, SearchTerms } from '@parley/domain';
import type { StoredMessage } from '../../database.ts';

/** How many messages one search looks at. Then it answers with what it has, and where it stopped. */
export const EXAMINED_MAX = 1_000;

/** `resumeAt`: search on for messages before that seq; null when there are none. */
export type FoundInChat = { messages: StoredMessage[]; resumeAt: number | null };
export type SearchChat = (
  chatId: ChatId,
  terms: SearchTerms,
  page: { limit: number; before: number },
) => Promise<FoundInChat>;
