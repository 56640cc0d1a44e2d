import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLanes } from './lanes.ts';

describe('lanes', () => {
  it('runs one at a time for a key, in the order of asking, also after a failure', async () => {
    const lanes = createLanes();
    const steps: string[] = [];
    const work =
      (name: string, fails = false) =>
      async () => {
        steps.push(`${name} begins`);
        await sleep(5);
        steps.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      };
    const results = await Promise.allSettled([
      lanes.run('chat', work('first')),
      lanes.run('chat', work('second', true)),
      lanes.run('chat', work('third')),
    ]);
    expect(steps).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('runs different keys beside each other', async () => {
    const lanes = createLanes();
    let running = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++running);
      await sleep(5);
      running -= 1;
    };
    await Promise.all([lanes.run('a', work), lanes.run('b', work), lanes.run('c', work)]);
    expect(most).toBe(3);
  });

  it('does not run what has waited for too long, and goes on with what came later', async () => {
    const lanes = createLanes(20);
    let late = false;
    const slow = lanes.run('chat', () => sleep(40));
    const waiting = lanes.run('chat', async () => {
      late = true;
    });
    await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
    await slow;
    expect(late).toBe(false);
    await expect(lanes.run('chat', async () => 'on time')).resolves.toBe('on time');
  });
});
