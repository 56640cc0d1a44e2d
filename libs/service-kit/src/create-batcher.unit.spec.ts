import { describe, expect, it, vi } from 'vitest';
import { createBatcher } from './create-batcher.ts';

const endOfTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('a batcher', () => {
  it('hands on what came in one turn as one batch, in order', async () => {
    const batches: number[][] = [];
    const batcher = createBatcher<number>({ run: (items) => void batches.push(items), max: 10 });
    for (const n of [1, 2, 3]) batcher.add(n);
    expect(batches).toEqual([]);
    await endOfTurn();
    expect(batches).toEqual([[1, 2, 3]]);
  });

  it('makes no batch larger than max, and does not wait for the end of the turn with a full one', async () => {
    const batches: number[][] = [];
    const batcher = createBatcher<number>({ run: (items) => void batches.push(items), max: 2 });
    for (const n of [1, 2, 3, 4, 5]) batcher.add(n);
    expect(batches).toEqual([
      [1, 2],
      [3, 4],
    ]);
    await endOfTurn();
    expect(batches).toEqual([[1, 2], [3, 4], [5]]);
  });

  it('gathers while as many as allowed are under way, and goes on after one that failed', async () => {
    const batches: number[][] = [];
    const ends: (() => void)[] = [];
    const batcher = createBatcher<number>({
      run: (items) => {
        batches.push(items);
        return new Promise((_, reject) => ends.push(() => reject(new Error('failed'))));
      },
      max: 10,
      atOnce: 1,
    });
    batcher.add(1);
    await endOfTurn();
    for (const n of [2, 3]) batcher.add(n);
    await endOfTurn();
    expect(batches).toEqual([[1]]);
    ends[0]?.();
    await endOfTurn();
    expect(batches).toEqual([[1], [2, 3]]);
  });

  it('keeps the time between two starts, except for a full batch', async () => {
    vi.useFakeTimers();
    try {
      const batches: number[][] = [];
      const batcher = createBatcher<number>({ run: (items) => void batches.push(items), max: 3, everyMs: 10 });
      batcher.add(1);
      await vi.advanceTimersByTimeAsync(1);
      batcher.add(2);
      await vi.advanceTimersByTimeAsync(5);
      expect(batches).toEqual([[1]]);
      await vi.advanceTimersByTimeAsync(5);
      expect(batches).toEqual([[1], [2]]);
      for (const n of [3, 4, 5]) batcher.add(n);
      expect(batches).toEqual([[1], [2], [3, 4, 5]]);
    } finally {
      vi.useRealTimers();
    }
  });
});
