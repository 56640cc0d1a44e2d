// @vitest-environment node
import { messageOf } from '@parley/chat-client/testing';
import { describe, expect, it } from 'vitest';
import { stepInGrid } from './grid-keys.ts';
import { toMonths } from './months.ts';

/** Two months: a row of three and a row of two, then a row of one, 100 px apart. */
const PLACES = [
  { left: 0, top: 0 },
  { left: 100, top: 0 },
  { left: 200, top: 0 },
  { left: 0, top: 100 },
  { left: 100, top: 100 },
  { left: 0, top: 240 },
];

describe('stepInGrid', () => {
  it.each([
    [0, 'ArrowRight', 1],
    [2, 'ArrowRight', 3],
    [5, 'ArrowRight', 5],
    [3, 'ArrowLeft', 2],
    [0, 'ArrowLeft', 0],
    [1, 'ArrowDown', 4],
    [2, 'ArrowDown', 4],
    [4, 'ArrowDown', 5],
    [5, 'ArrowDown', 5],
    [5, 'ArrowUp', 3],
    [4, 'ArrowUp', 1],
    [1, 'ArrowUp', 1],
  ])('from %i by %s to %i', (from, key, to) => {
    expect(stepInGrid(PLACES, from, key)).toBe(to);
  });
});

describe('toMonths', () => {
  it('names the months of this year without it, and keeps the order', () => {
    const days = ['2026-03-05', '2026-03-01', '2026-01-15', '2025-12-15', '2025-03-15'];
    const messages = days.map((day, index) => messageOf(index + 1, { createdAt: `${day}T12:00:00.000Z` }));
    const months = toMonths(messages, new Date('2026-06-01T12:00:00Z').getTime());
    expect(months.map(({ title, messages: of }) => [title, of.length])).toEqual([
      ['March', 2],
      ['January', 1],
      ['December 2025', 1],
      ['March 2025', 1],
    ]);
    expect(new Set(months.map(({ key }) => key)).size).toBe(4);
  });
});
