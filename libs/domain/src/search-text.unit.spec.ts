import { describe, expect, it } from 'vitest';
import {
  foldText,
  matchesTerms,
  messageWords,
  MESSAGE_WORDS_MAX,
  searchKeys,
  searchTerms,
  WORD_MAX,
} from './search-text.ts';

describe('foldText', () => {
  it.each([
    ['Zoë', 'zoe'],
    ['ÅNGSTRÖM', 'angstrom'],
    ['ﬁne', 'fine'],
    ['  Ada ', 'ada'],
    ['陳大文', '陳大文'],
  ])('folds %s to %s', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });
});

describe('searchKeys', () => {
  it('has the username, the whole name and its every word, each once', () => {
    expect(searchKeys({ username: 'jose', displayName: 'José Núñez-Vela' })).toEqual([
      'jose',
      'jose nunez-vela',
      'nunez',
      'vela',
    ]);
  });
});

describe('messageWords', () => {
  it('gives each word once, folded, in the order of the text', () => {
    expect(messageWords('Ünder the sea -- under THE C++ of 2026, e\u0301t\u00e9!')).toEqual([
      'under',
      'the',
      'sea',
      'c',
      'of',
      '2026',
      'ete',
    ]);
    expect(messageWords('👍 …')).toEqual([]);
  });

  it('takes each character of a script without spaces for a word', () => {
    expect(messageWords('東京タワーへgo')).toEqual(['東', '京', 'タ', 'ワ', 'ー', 'へ', 'go']);
  });

  it('keeps what is stored small, whatever is typed', () => {
    expect(messageWords(Array.from({ length: 500 }, (_, n) => `w${n}`).join(' '))).toHaveLength(MESSAGE_WORDS_MAX);
    expect(messageWords('x'.repeat(8_000))).toEqual(['x'.repeat(WORD_MAX)]);
    const astral = messageWords(`x${'𝔸𐐀'.repeat(100)}`);
    // Half a pair would come back from UTF-8 as another character.
    expect(astral).toEqual([Buffer.from(astral.join('')).toString()]);
  });
});

describe('searchTerms and matchesTerms', () => {
  const finds = (query: string, text: string) => {
    const terms = searchTerms(query);
    return terms !== null && matchesTerms(messageWords(text), terms);
  };

  it('asks for all words, the last as a prefix', () => {
    expect(searchTerms('Hello big wor')).toEqual({ words: ['hello', 'big'], prefix: 'wor' });
    expect(searchTerms('  ?! ')).toBeNull();
    expect(finds('wor', 'Hello, World')).toBe(true);
    expect(finds('world hel', 'Hello, World')).toBe(true);
    expect(finds('wor hello', 'Hello, World')).toBe(false);
    expect(finds('hello there', 'Hello, World')).toBe(false);
    expect(finds('CAFÉ', 'le cafe\u0301')).toBe(true);
    expect(finds('京タ', '東京タワー')).toBe(true);
  });

  it('finds a word that is longer than what is kept of it', () => {
    expect(finds('x'.repeat(40), 'x'.repeat(50))).toBe(true);
  });
});
