import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clampToHead, deliveryState, mergeWatermarks } from './watermarks.ts';

const seq = fc.nat(1_000);
const watermarks = fc.tuple(seq, seq).map(([a, b]) => ({ delivered: Math.max(a, b), seen: Math.min(a, b) }));

describe('mergeWatermarks', () => {
  it('gives the same whatever the order and however often reports arrive', () => {
    fc.assert(
      fc.property(fc.array(watermarks, { minLength: 1, maxLength: 6 }), (reports) => {
        const forth = reports.reduce(mergeWatermarks);
        const back = [...reports, ...reports].reverse().reduce(mergeWatermarks);
        expect(back).toEqual(forth);
      }),
    );
  });

  it('never goes backwards, and what was seen was delivered', () => {
    fc.assert(
      fc.property(watermarks, seq, seq, (mine, delivered, seen) => {
        const merged = mergeWatermarks(mine, { delivered, seen });
        expect(merged.seen).toBeGreaterThanOrEqual(mine.seen);
        expect(merged.delivered).toBeGreaterThanOrEqual(Math.max(mine.delivered, merged.seen));
      }),
    );
  });
});

describe('clampToHead', () => {
  it.each([
    [7, 5, 5],
    [-1, 5, 0],
    [3, 5, 3],
  ])('limits %i at head %i to %i', (reported, head, clamped) => {
    expect(clampToHead(reported, head)).toBe(clamped);
  });
});

describe('deliveryState', () => {
  it('tells sent, delivered and seen by the other member’s watermarks', () => {
    const other = { delivered: 2, seen: 1 };
    expect([1, 2, 3].map((n) => deliveryState(n, other))).toEqual(['seen', 'delivered', 'sent']);
  });
});
