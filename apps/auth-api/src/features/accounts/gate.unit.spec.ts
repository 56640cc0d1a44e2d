import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createGate, GateFullError } from './gate.ts';

describe('createGate', () => {
  it('runs so many at once, in order, lets so many wait, and refuses the rest', async () => {
    const gate = createGate({ concurrency: 2, queue: 3, maxWaitMs: 60_000 });
    const opened: (() => void)[] = [];
    const started: number[] = [];
    let running = 0;
    let most = 0;
    const results = Array.from({ length: 7 }, (_, n) =>
      gate.run(async () => {
        started.push(n);
        most = Math.max(most, (running += 1));
        await new Promise<void>((open) => opened.push(open));
        running -= 1;
        return n;
      }),
    );
    const settled = Promise.allSettled(results);
    while (started.length < 5 || running > 0) {
      opened.splice(0).forEach((open) => open());
      await new Promise(setImmediate);
    }
    const outcomes = (await settled).map((outcome) =>
      outcome.status === 'fulfilled' ? outcome.value : outcome.reason,
    );
    expect(outcomes.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
    expect(outcomes.slice(5)).toEqual([expect.any(GateFullError), expect.any(GateFullError)]);
    expect(started).toEqual([0, 1, 2, 3, 4]);
    expect(most).toBe(2);
  });

  it('goes on after a task that fails', async () => {
    const gate = createGate({ concurrency: 1, queue: 1, maxWaitMs: 60_000 });
    await expect(gate.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await gate.run(async () => 'yes')).toBe('yes');
  });

  it('refuses, without running it, what has waited too long, and runs what has not', async () => {
    const gate = createGate({ concurrency: 1, queue: 5, maxWaitMs: 300 });
    const ran: string[] = [];
    const first = gate.run(() => sleep(400));
    const late = gate.run(async () => void ran.push('late'));
    await sleep(350);
    const inTime = gate.run(async () => void ran.push('in time'));
    await expect(late).rejects.toThrow(GateFullError);
    await Promise.all([first, inTime]);
    expect(ran).toEqual(['in time']);
    await gate.run(async () => void ran.push('after'));
    expect(ran).toEqual(['in time', 'after']);
  });
});
