import { matchesTerms, type ChatId, type SearchTerms } from '@parley/domain';
import { SEARCH_INDEX, STORED, type Database, type MessageDocument, type StoredMessage } from '../../database.ts';
import { EXAMINED_MAX, type FoundInChat, type SearchChat } from './search-bounds.ts';

/** So many of the newest messages are looked through first: most prefixes of many words are in many messages. */
const PROBE = 100;

const WITH_WORDS = { outbox: STORED.outbox, revs: STORED.revs } as const;
type Worded = Omit<MessageDocument, 'outbox' | 'revs'>;

/**
 * Messages of a chat by a prefix of more words than can be followed one by one. Where it is common, the newest messages have enough of it; where it is in few
 * messages, the index names them all; in between, the messages are walked through, newest first, some of them in one request.
 */
export function createSearchBroadly({ messages }: Pick<Database, 'messages'>): SearchChat {
  /** Down from `before`, through at most `examine` messages. */
  const walk = async (
    chatId: ChatId,
    terms: SearchTerms,
    o: { limit: number; before: number; examine: number },
  ): Promise<FoundInChat> => {
    const options = { sort: { seq: -1 }, limit: o.examine, batchSize: o.examine, projection: WITH_WORDS } as const;
    const read: Worded[] = await messages.find({ chatId, seq: { $lt: o.before } }, options).toArray();
    const found = read.filter(({ words = [] }) => matchesTerms(words, terms));
    const isEnd = read.length < o.examine;
    if (found.length > o.limit) return pageOf(found.map(withoutWords), o.limit);
    return { messages: found.map(withoutWords), resumeAt: isEnd ? null : (read.at(-1)?.seq ?? null) };
  };

  /** Where in the chat the prefix is, newest first; undefined where that is in too many messages to name. */
  const placesOf = async (chatId: ChatId, prefix: string): Promise<number[] | undefined> => {
    const begins = new RegExp(`^${prefix.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)}`);
    const options = {
      hint: SEARCH_INDEX,
      limit: EXAMINED_MAX,
      batchSize: EXAMINED_MAX,
      projection: { _id: 0, seq: 1 },
    } as const;
    const found = await messages.find({ chatId, words: begins }, options).toArray();
    return found.length < EXAMINED_MAX ? found.map(({ seq }) => seq).sort((a, b) => b - a) : undefined;
  };

  const readAt = async (chatId: ChatId, seqs: number[]): Promise<StoredMessage[]> => {
    const found = await messages
      .find({ chatId, seq: { $in: seqs } }, { sort: { seq: -1 }, projection: STORED })
      .toArray();
    return found as StoredMessage[];
  };

  return async (chatId, terms, { limit, before }) => {
    const newest = await walk(chatId, terms, { limit, before, examine: PROBE });
    if (newest.messages.length >= limit || newest.resumeAt === null) return newest;
    const places = await placesOf(chatId, terms.prefix);
    if (places === undefined) return walk(chatId, terms, { limit, before, examine: EXAMINED_MAX });
    const left = places.filter((seq) => seq < before).slice(0, limit + 1);
    return pageOf(await readAt(chatId, left), limit);
  };
}

/** `found` is one message longer than the page where there are more. */
function pageOf(found: StoredMessage[], limit: number): FoundInChat {
  const page = found.slice(0, limit);
  return { messages: page, resumeAt: found.length > limit ? (page.at(-1)?.seq ?? null) : null };
}

const withoutWords = ({ words: _, ...message }: Worded): StoredMessage => message;
