import type { Measured } from './measure.ts';

/** Figures of a run in which all went well. */
export const measured = (over: Partial<Measured> = {}): Measured => ({
  deliveries: 1_000,
  deliveriesPerSecond: 100,
  latencyMs: { p50: 10, p95: 20, p99: 30, max: 40 },
  ackMs: { p50: 5, p95: 6, p99: 7, max: 8 },
  cpu: { 'chat-api': 0.5, mongodb: 1 },
  driverCpu: 0.3,
  acknowledged: 1_100,
  lost: 0,
  doubled: 0,
  receipts: 990,
  stalls: 0,
  errors: {},
  heads: {},
  ...over,
});
