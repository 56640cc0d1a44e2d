import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeNewest } from './merge-newest.ts';

const of = (...seqs: number[]) => seqs.map((seq) => ({ seq }));

describe('mergeNewest', () => {
  it('gives each message once, newest first, down to where a full strand ends', () => {
    const strands = [
      { messages: of(9, 7, 5), isFull: true },
      { messages: of(8, 7, 2), isFull: false },
    ];
    expect(mergeNewest(strands)).toEqual({ messages: of(9, 8, 7, 5), floor: 5 });
    expect(mergeNewest([{ messages: of(3), isFull: false }])).toEqual({ messages: of(3), floor: null });
    expect(mergeNewest([])).toEqual({ messages: [], floor: null });
  });

  it('page by page is the same as all at once', () => {
    const words = fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 6 }), (seqsOfWords, size) => {
        const found: number[] = [];
        let below: number | null = Infinity;
        while (below !== null) {
          const strands = seqsOfWords.map((seqs) => {
            const messages = of(...seqs.filter((seq) => seq < (below ?? 0)).sort((a, b) => b - a)).slice(0, size);
            return { messages, isFull: messages.length === size };
          });
          const { messages, floor }: ReturnType<typeof mergeNewest> = mergeNewest(strands);
          found.push(...messages.map(({ seq }) => seq));
          below = floor;
        }
        expect(found).toEqual([...new Set(seqsOfWords.flat())].sort((a, b) => b - a));
      }),
    );
  });
});
