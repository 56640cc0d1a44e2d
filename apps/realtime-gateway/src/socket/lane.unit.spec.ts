import { describe, expect, it } from 'vitest';
import { createLane } from './lane.ts';

function gate() {
  const open: (() => void)[] = [];
  const started: number[] = [];
  const task = (id: number) => () => {
    started.push(id);
    return new Promise<number>((resolve) => open.push(() => resolve(id)));
  };
  return { open, started, task };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('createLane', () => {
  it('runs so many at once, the others in order, and refuses beyond', async () => {
    const { open, started, task } = gate();
    const lane = createLane({ running: 2, waiting: 2 });
    const results = [1, 2, 3, 4].map((id) => lane.run(task(id)));
    expect(lane.run(task(5))).toBeUndefined();
    await turn();
    expect(started).toEqual([1, 2]);
    open[0]?.();
    await turn();
    expect(started).toEqual([1, 2, 3]);
    open[1]?.();
    await turn();
    open[2]?.();
    open[3]?.();
    expect(await Promise.all(results)).toEqual([1, 2, 3, 4]);
  });

  it('goes on after a task that failed, and gives all places back', async () => {
    const lane = createLane({ running: 1, waiting: 1 });
    await expect(lane.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    for (let n = 0; n < 10; n += 1) expect(await lane.run(async () => n)).toBe(n);
  });
});
