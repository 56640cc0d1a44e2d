import { describe, expect, it } from 'vitest';
import { foldText, searchKeys } from './search-text.ts';

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
