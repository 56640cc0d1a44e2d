const COMBINING_MARKS = /\p{Mn}+/gu;
const WORD_BREAKS = /[^\p{L}\p{N}]+/u;

/** `text` for comparison: compatibility-decomposed, without accents, in lower case (Unicode UAX #15, NFKD). */
export function foldText(text: string): string {
  return text.normalize('NFKD').replace(COMBINING_MARKS, '').toLowerCase().trim();
}

/**
 * The keys under which a person is found by prefix: the username, the whole display name, and its every word.
 * They are stored with the profile, since search must not need a collation.
 */
export function searchKeys(person: { username: string; displayName: string }): string[] {
  const name = foldText(person.displayName);
  return [...new Set([foldText(person.username), name, ...name.split(WORD_BREAKS)])].filter((key) => key !== '');
}

/** How many different words of a message are found, and how much of each. */
export const MESSAGE_WORDS_MAX = 64;
export const WORD_MAX = 32;

/** Scripts that put no spaces between words: each of their characters counts as one. */
const UNSPACED = /([\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/gu;

function wordsOf(text: string): string[] {
  const spaced = foldText(text).replace(UNSPACED, ' $1 ');
  return spaced
    .split(WORD_BREAKS)
    .filter((word) => word !== '')
    .map(cut);
}

function cut(word: string): string {
  if (word.length <= WORD_MAX) return word;
  // Half a surrogate pair is no text that could be stored.
  return word.slice(0, WORD_MAX).replace(/[\uD800-\uDBFF]$/u, '');
}

/** The words under which a message is found, without repeats, in their order in the text: at most 64, each at most 32 long. */
export function messageWords(text: string): string[] {
  const words = new Set<string>();
  for (const word of wordsOf(text)) {
    if (words.size === MESSAGE_WORDS_MAX) break;
    words.add(word);
  }
  return [...words];
}

/** What a search asks for: each of `words` whole, and a word that begins with `prefix`, which is the last one typed. */
export type SearchTerms = { words: string[]; prefix: string };

/** The terms of a query; null when it has no word at all. */
export function searchTerms(query: string): SearchTerms | null {
  const words = wordsOf(query);
  const prefix = words.pop();
  return prefix === undefined ? null : { words: [...new Set(words)], prefix };
}

/** Whether a message of these words is what the terms ask for. */
export function matchesTerms(words: readonly string[], terms: SearchTerms): boolean {
  return terms.words.every((word) => words.includes(word)) && words.some((word) => word.startsWith(terms.prefix));
}
