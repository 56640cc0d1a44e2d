import { describe, expect, it } from 'vitest';
import { isEmoji } from './emoji.ts';

describe('isEmoji', () => {
  it.each(['👍', '❤', '❤️', '👍🏽', '👩‍🚀', '👩🏾‍🤝‍👨🏻', '🏳️‍🌈', '🇩🇪', '1️⃣', '#⃣', '🏴󠁧󠁢󠁳󠁣󠁴󠁿', '©'])('takes %s', (emoji) => {
    expect(isEmoji(emoji)).toBe(true);
    const graphemes = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(emoji)];
    expect(graphemes).toHaveLength(1);
  });

  it.each([
    '',
    'a',
    '1',
    '👍👍',
    '👍 ',
    '👍\u0301',
    '🏽',
    '🇩',
    '\u200d',
    '\ufe0f',
    '$set',
    '<b>',
    '\ud83d',
    Array(12).fill('👩').join('\u200d'),
  ])('refuses %j', (text) => {
    expect(isEmoji(text)).toBe(false);
  });
});
