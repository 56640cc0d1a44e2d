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

  it('lets what follows a batch of several gather, except for a full batch, and what follows a single item not', async () => {
    vi.useFakeTimers();
    try {
      const batches: number[][] = [];
      const batcher = createBatcher<number>({ run: (items) => void batches.push(items), max: 3, everyMs: 10 });
      for (const n of [1, 2]) {
        batcher.add(n);
        await vi.advanceTimersByTimeAsync(1);
      }
      expect(batches).toEqual([[1], [2]]);
      for (const n of [3, 4]) batcher.add(n);
      await vi.advanceTimersByTimeAsync(1);
      expect(batches).toEqual([[1], [2], [3, 4]]);
      batcher.add(5);
      await vi.advanceTimersByTimeAsync(5);
      expect(batches).toHaveLength(3);
      await vi.advanceTimersByTimeAsync(5);
      expect(batches).toEqual([[1], [2], [3, 4], [5]]);
      for (const n of [6, 7, 8]) batcher.add(n);
      expect(batches).toEqual([[1], [2], [3, 4], [5], [6, 7, 8]]);
    } finally {
      vi.useRealTimers();
    }
  });
});
