// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { highlighted } from './highlight.ts';

const marked = (text: string, query: string) =>
  highlighted(text, query)
    .map((part) => (part.isHit ? `[${part.text}]` : part.text))
    .join('');

describe('highlighted', () => {
  it('marks whole words that begin as the query has them, whatever their case and accents', () => {
    expect(marked('The Café was closed. Cafeteria!', 'cafe')).toBe('The [Café] was closed. [Cafeteria]!');
    expect(marked('a decaf, please', 'caf')).toBe('a decaf, please');
    expect(marked('one two three', 'three one')).toBe('[one] two [three]');
  });

  it('begins near the first hit of a long text, and loses nothing after it', () => {
    const text = `${'before '.repeat(20)}needle and the rest`;
    expect(marked(text, 'needle')).toMatch(/^….{24}\[needle\] and the rest$/);
    expect(marked('plain', 'nothing')).toBe('plain');
  });
});
