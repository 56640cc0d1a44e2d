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
