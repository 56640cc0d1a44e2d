import { matchesTerms, type ChatId, type SearchTerms } from '@parley/domain';
import { SEARCH_INDEX, STORED, type Database, type MessageDocument, type StoredMessage } from '../../database.ts';
import { createExpandPrefix, EXPANDED_MAX } from './expand-prefix.ts';
import { mergeNewest, type Strand } from './merge-newest.ts';
import { EXAMINED_MAX, type SearchChat } from './search-bounds.ts';
import { createSearchBroadly } from './search-broadly.ts';

/** How many messages tell how rare a word is. */
const SAMPLE = 32;
/** At least so many messages of a word are read at once; more where some of them may lack another word. */
const STRAND_MIN = 8;
const STRAND_OF_MANY_WORDS = 64;
const WITH_WORDS = { outbox: STORED.outbox, revs: STORED.revs } as const;

/**
 * Messages of a chat by their words, newest first. Every read is bounded and of one index, so what it costs depends on the page and
 * not on the length of the chat: the prefix becomes the words it stands for, of all the words asked for the rarest is followed, and
 * the others are looked for in what it leads to.
 */
export function createSearchChat({ messages }: Pick<Database, 'messages'>): SearchChat {
  const expand = createExpandPrefix({ messages });
  const searchBroadly = createSearchBroadly({ messages });

  /** How far back the newest 32 messages with a word reach: the rarer it is the further; Infinity when there are fewer. */
  const reach = async (chatId: ChatId, word: string, before: number): Promise<number> => {
    const options = {
      sort: { seq: -1 },
      skip: SAMPLE - 1,
      hint: SEARCH_INDEX,
      projection: { _id: 0, seq: 1 },
    } as const;
    const oldest = await messages.findOne({ chatId, words: word, seq: { $lt: before } }, options);
    return oldest ? before - oldest.seq : Infinity;
  };

  const isRare = async (chatId: ChatId, words: string[]): Promise<boolean> => {
    const filter = { chatId, words: { $in: words } };
    return (await messages.countDocuments(filter, { limit: SAMPLE, hint: SEARCH_INDEX })) < SAMPLE;
  };

  /** The words to follow: the rarest that is asked for whole, or all that the prefix stands for; none when it is nowhere, undefined when it stands for too many. */
  const choose = async (chatId: ChatId, terms: SearchTerms, before: number): Promise<string[] | undefined> => {
    const expanded = await expand(chatId, terms.prefix);
    if (expanded.length === 0) return expanded;
    if (terms.words.length === 0) return expanded.length < EXPANDED_MAX ? expanded : undefined;
    const reached = await Promise.all(
      terms.words.map(async (word) => ({ word, reach: await reach(chatId, word, before) })),
    );
    const rarest = reached.reduce((most, option) => (option.reach > most.reach ? option : most));
    // A prefix of more words than these stands for some that would not be followed.
    const isFollowable = rarest.reach !== Infinity && expanded.length < EXPANDED_MAX;
    return isFollowable && (await isRare(chatId, expanded)) ? expanded : [rarest.word];
  };

  const readStrand = async (chatId: ChatId, word: string, before: number, size: number): Promise<Strand<Worded>> => {
    const options = { sort: { seq: -1 }, limit: size, hint: SEARCH_INDEX, projection: WITH_WORDS } as const;
    const found = await messages.find({ chatId, words: word, seq: { $lt: before } }, options).toArray();
    return { messages: found, isFull: found.length === size };
  };

  return async (chatId, terms, { limit, before }) => {
    const words = await choose(chatId, terms, before);
    if (words === undefined) return searchBroadly(chatId, terms, { limit, before });
    if (words.length === 0) return { messages: [], resumeAt: null };
    const size = strandSize(terms, words.length, limit);
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

/** How many messages of each followed word to read at once, so that a page is mostly one round of reads. */
function strandSize(terms: SearchTerms, followed: number, limit: number): number {
  if (terms.words.length > 0) return Math.max(STRAND_OF_MANY_WORDS, limit + 1);
  return followed === 1 ? limit + 1 : Math.max(STRAND_MIN, Math.ceil((2 * (limit + 1)) / followed));
}

type Worded = Omit<MessageDocument, 'outbox' | 'revs'>;
