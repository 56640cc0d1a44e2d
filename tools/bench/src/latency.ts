import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

/** In milliseconds. */
export type Percentiles = { p50: number; p95: number; p99: number; max: number };

const MICROSECONDS_MAX = 120_000_000;

/** Times from a microsecond to two minutes, exact to three digits, in constant space. */
export function createLatencies(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: MICROSECONDS_MAX,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 64,
  });
}

export function recordMs(latencies: Histogram, ms: number): void {
  latencies.recordValue(Math.min(MICROSECONDS_MAX, Math.max(1, Math.round(ms * 1_000))));
}

/** For another process. */
export const encode = (latencies: Histogram): string => encodeIntoCompressedBase64(latencies);

/** The latencies of several drivers as those of one: percentiles can't be averaged, histograms can be added. */
export function mergeEncoded(encoded: readonly string[]): Histogram {
  const all = createLatencies();
  for (const one of encoded) all.add(decodeFromCompressedBase64(one, 64));
  return all;
}

export function percentiles(latencies: Histogram): Percentiles {
  const ms = (percentile: number): number => latencies.getValueAtPercentile(percentile) / 1_000;
  return { p50: ms(50), p95: ms(95), p99: ms(99), max: latencies.totalCount === 0 ? 0 : latencies.maxValue / 1_000 };
}
