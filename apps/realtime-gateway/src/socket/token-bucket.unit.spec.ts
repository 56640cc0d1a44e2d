import { describe, expect, it } from 'vitest';
import { createFloodGuard } from './flood-guard.ts';
import { createTokenBucket } from './token-bucket.ts';

const takeMany = (count: number, take: () => boolean) => Array.from({ length: count }, take).filter(Boolean).length;

describe('createTokenBucket', () => {
  it('gives the burst at once, then its rate', () => {
    const bucket = createTokenBucket({ perSecond: 100, burst: 200, nowMs: 0 });
    expect(takeMany(300, () => bucket.take(0))).toBe(200);
    expect(takeMany(300, () => bucket.take(500))).toBe(50);
  });

  it('keeps at most the burst, however long it rested', () => {
    const bucket = createTokenBucket({ perSecond: 100, burst: 200, nowMs: 0 });
    expect(takeMany(1_000, () => bucket.take(3_600_000))).toBe(200);
  });

  it('gains nothing from a clock that goes back', () => {
    const bucket = createTokenBucket({ perSecond: 10, burst: 1, nowMs: 1_000 });
    expect(bucket.take(1_000)).toBe(true);
    expect(bucket.take(0)).toBe(false);
    expect(bucket.take(1_000)).toBe(false);
    expect(bucket.take(1_100)).toBe(true);
  });
});

describe('createFloodGuard', () => {
  const flood = (eventsPerSecond: number, seconds: number) => {
    const judge = createFloodGuard({ perSecond: 100, burst: 200 }, 0);
    const verdicts = { pass: 0, refuse: 0, cut: 0 };
    for (let n = 0; n < eventsPerSecond * seconds; n += 1) verdicts[judge((n / eventsPerSecond) * 1_000)] += 1;
    return verdicts;
  };

  it('lets a busy client pass', () => {
    expect(flood(100, 60)).toEqual({ pass: 6_000, refuse: 0, cut: 0 });
  });

  it('refuses what is beyond, and cuts nobody who is a little too fast', () => {
    const { pass, refuse, cut } = flood(140, 60);
    expect(pass).toBeGreaterThan(6_000);
    expect(refuse).toBeGreaterThan(1_000);
    expect(cut).toBe(0);
  });

  it('cuts a flood within seconds', () => {
    expect(flood(500, 2).cut).toBe(0);
    expect(flood(500, 5).cut).toBeGreaterThan(0);
  });
});
