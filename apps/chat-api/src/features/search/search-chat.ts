import { matchesTerms, type ChatId, type SearchTerms } from '@parley/domain';
import { SEARCH_INDEX, STORED, type Database, type MessageDocument, type StoredMessage } from '../../database.ts';
import { createExpandPrefix, EXPANDED_MAX } from './expand-prefix.ts';
import { mergeNewest, type Strand } from './merge-newest.ts';

/** Counting beyond this says nothing more: a word is common. */
const COUNTED_MAX = 200;
/** At least so many messages of a word are read at once. */
const STRAND_MIN = 8;
/** How many messages one search looks at. Then it answers with what it has, and where it stopped. */
const EXAMINED_MAX = 1_000;

const WITH_WORDS = { outbox: STORED.outbox, revs: STORED.revs } as const;

/** `resumeAt`: search on for messages before that seq; null when there are none. */
export type FoundInChat = { messages: StoredMessage[]; resumeAt: number | null };
export type SearchChat = (
  chatId: ChatId,
  terms: SearchTerms,
  page: { limit: number; before: number },
) => Promise<FoundInChat>;

/**
 * Messages of a chat by their words, newest first. Every read is bounded and of one index, so what it costs depends on the page and
 * not on the length of the chat: the prefix becomes the words it stands for, of all the words asked for the rarest is followed, and
 * the others are looked for in what it leads to.
 */
export function createSearchChat({ messages }: Pick<Database, 'messages'>): SearchChat {
  const expand = createExpandPrefix({ messages });

  const count = (chatId: ChatId, words: string[]): Promise<number> =>
    messages.countDocuments({ chatId, words: { $in: words } }, { limit: COUNTED_MAX, hint: SEARCH_INDEX });

  /** The words to follow: one that is asked for whole, or all that the prefix stands for; none when one of them is nowhere. */
  const choose = async (chatId: ChatId, terms: SearchTerms): Promise<string[]> => {
    const expanded = await expand(chatId, terms.prefix);
    if (expanded.length === 0 || terms.words.length === 0) return expanded;
    // A prefix of more words than these stands for some that would not be followed.
    const options = [...terms.words.map((word) => [word]), ...(expanded.length < EXPANDED_MAX ? [expanded] : [])];
    const counted = await Promise.all(options.map(async (words) => ({ words, count: await count(chatId, words) })));
    const rarest = counted.reduce((least, option) => (option.count < least.count ? option : least));
    return rarest.count === 0 ? [] : rarest.words;
  };

  const readStrand = async (chatId: ChatId, word: string, before: number, size: number): Promise<Strand<Worded>> => {
    const options = { sort: { seq: -1 }, limit: size, hint: SEARCH_INDEX, projection: WITH_WORDS } as const;
    const found = await messages.find({ chatId, words: word, seq: { $lt: before } }, options).toArray();
    return { messages: found, isFull: found.length === size };
  };

  return async (chatId, terms, { limit, before }) => {
    const words = await choose(chatId, terms);
    if (words.length === 0) return { messages: [], resumeAt: null };
    const size = Math.max(STRAND_MIN, Math.ceil((words.length === 1 ? 1 : 2) * ((limit + 1) / words.length)));
    const found: StoredMessage[] = [];
    let below = before;
    for (let examined = 0; examined < EXAMINED_MAX; ) {
      const strands = await Promise.all(words.map((word) => readStrand(chatId, word, below, size)));
      examined += strands.reduce((sum, strand) => sum + strand.messages.length, 0);
      const { messages: merged, floor } = mergeNewest(strands);
      for (const { words: own = [], ...message } of merged) if (matchesTerms(own, terms)) found.push(message);
      if (found.length > limit) return { messages: found.slice(0, limit), resumeAt: found[limit - 1]?.seq ?? null };
      if (floor === null) return { messages: found, resumeAt: null };
      below = floor;
    }
    return { messages: found, resumeAt: below };
  };
}

type Worded = Omit<MessageDocument, 'outbox' | 'revs'>;
