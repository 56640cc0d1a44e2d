import { describe, expect, it } from 'vitest';
import { createHealth, untilReady } from './health.ts';

describe('createHealth', () => {
  it('is ready when every check holds, and shows which does not', async () => {
    const health = createHealth();
    expect(await health.ready()).toEqual({ ok: true, checks: {} });
    health.add('mongo', () => true);
    health.add('redis', async () => false);
    health.add('rabbit', () => {
      throw new Error('gone');
    });
    expect(await health.ready()).toEqual({ ok: false, checks: { mongo: true, redis: false, rabbit: false } });
  });

  it('takes a check that hangs as one that does not hold', async () => {
    const health = createHealth();
    health.add('stuck', () => new Promise<boolean>(() => undefined));
    expect(await health.ready()).toEqual({ ok: false, checks: { stuck: false } });
  });
});

describe('untilReady', () => {
  it('waits for the last check to hold', async () => {
    const health = createHealth();
    let asked = 0;
    health.add('mongo', () => ++asked > 3);
    await untilReady(health, 60_000);
    expect(asked).toBe(4);
  });

  it('does not wait for ever', async () => {
    const health = createHealth();
    health.add('mongo', () => false);
    await untilReady(health, 60);
    expect(await health.ready()).toMatchObject({ ok: false });
  });
});
