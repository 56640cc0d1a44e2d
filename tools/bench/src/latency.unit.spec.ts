import { describe, expect, it } from 'vitest';
import { createLatencies, encode, mergeEncoded, percentiles, recordMs } from './latency.ts';

const near = (value: number, expected: number) => expect(Math.abs(value - expected) / expected).toBeLessThan(0.002);

describe('latencies', () => {
  it('gives percentiles in milliseconds, exact to three digits', () => {
    const latencies = createLatencies();
    for (let ms = 1; ms <= 1_000; ms += 1) recordMs(latencies, ms);
    const { p50, p95, p99, max } = percentiles(latencies);
    near(p50, 500);
    near(p95, 950);
    near(p99, 990);
    near(max, 1_000);
  });

  it('keeps fractions of a millisecond, and bounds what is out of range', () => {
    const latencies = createLatencies();
    recordMs(latencies, 0.25);
    expect(percentiles(latencies).p50).toBe(0.25);
    recordMs(latencies, -1);
    recordMs(latencies, 1e9);
    near(percentiles(latencies).max, 120_000);
  });

  it('merges drivers as if they were one', () => {
    const [fast, slow] = [createLatencies(), createLatencies()];
    for (let n = 0; n < 900; n += 1) recordMs(fast, 1);
    for (let n = 0; n < 100; n += 1) recordMs(slow, 100);
    const merged = percentiles(mergeEncoded([encode(fast), encode(slow)]));
    near(merged.p50, 1);
    near(merged.p99, 100);
  });

  it('has zeros where nothing was recorded', () => {
    expect(percentiles(createLatencies())).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 });
  });
});
