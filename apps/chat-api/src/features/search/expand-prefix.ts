import type { ChatId } from '@parley/domain';
import { SEARCH_INDEX, type Database } from '../../database.ts';

/** More words than this are not followed one by one. */
export const EXPANDED_MAX = 20;

export type ExpandPrefix = (chatId: ChatId, prefix: string) => Promise<string[]>;

/**
 * The words of a chat that begin with `prefix`, in the order of their bytes, at most 20. A loose scan of the index: each step asks
 * for the first entry beyond the last word, so it takes as many reads as there are words, however many messages have them.
 */
export function createExpandPrefix({ messages }: Pick<Database, 'messages'>): ExpandPrefix {
  /** The first word of the chat in a range that has no upper end. The hint makes the first entry of the index the first found. */
  const firstWord = async (chatId: ChatId, range: { $gte: string } | { $gt: string }): Promise<string | undefined> => {
    const options = { hint: SEARCH_INDEX, projection: { _id: 0, words: 1 } } as const;
    const found = await messages.findOne({ chatId, words: range }, options);
    const isInRange = (word: string) =>
      '$gte' in range ? compareBytes(word, range.$gte) >= 0 : compareBytes(word, range.$gt) > 0;
    return found?.words?.filter(isInRange).sort(compareBytes)[0];
  };

  return async (chatId, prefix) => {
    const words: string[] = [];
    let word = await firstWord(chatId, { $gte: prefix });
    while (word?.startsWith(prefix)) {
      words.push(word);
      if (words.length === EXPANDED_MAX) break;
      word = await firstWord(chatId, { $gt: word });
    }
    return words;
  };
}

/** MongoDB's order of strings, which isn't JavaScript's for characters beyond U+FFFF. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
