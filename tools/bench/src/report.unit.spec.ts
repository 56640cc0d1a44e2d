import { describe, expect, it } from 'vitest';
import { measured } from './measured.fixture.ts';
import { faults, ratios, renderReport, type BenchResult } from './report.ts';

const result = (over: Partial<BenchResult> = {}): BenchResult => ({
  options: { clients: 100, seconds: 10, warmupSeconds: 3, drivers: 1, openRate: undefined, instances: 1, json: false },
  parley: measured(),
  bare: measured({ deliveriesPerSecond: 400, latencyMs: { p50: 1, p95: 2, p99: 3, max: 4 }, cpu: { relay: 0.15 } }),
  stored: { messages: 1_100, missing: 0, holes: 0 },
  ...over,
});

describe('report', () => {
  it('compares with the bare relay', () => {
    const { throughput, p50, p99, cpu } = ratios(result());
    expect({ throughput, p50, p99 }).toEqual({ throughput: 0.25, p50: 10, p99: 10 });
    expect(cpu).toBeCloseTo(10);
  });

  it('shows the dearest process first', () => {
    const text = renderReport(result());
    expect(text).toMatch(/deliveries\/s\s+100\s+400\s+0\.25x/);
    expect(text.indexOf('mongodb')).toBeLessThan(text.indexOf('chat-api'));
  });

  it('names what went wrong, and passes a clean run', () => {
    expect(faults(result())).toEqual([]);
    expect(faults(result({ parley: measured({ lost: 2, doubled: 1 }) }))).toEqual([
      '2 acknowledged messages never pushed',
      '1 messages pushed twice',
    ]);
    expect(faults(result({ stored: { messages: 1, missing: 3, holes: 1 } }))).toHaveLength(2);
    expect(faults(result({ parley: measured({ deliveries: 0 }) }))).toHaveLength(1);
  });
});
