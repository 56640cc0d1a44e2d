import { describe, expect, it } from 'vitest';
import { createGapDetector } from './gap-detector.ts';

describe('createGapDetector', () => {
  it('finds no gap in the first connection, whose queue is always new', () => {
    expect(createGapDetector().connected(100_000, false)).toBe(false);
  });

  it('finds no gap in an absence that the queue bridges', () => {
    const gaps = createGapDetector();
    gaps.connected(0, false);
    gaps.disconnected(1_000);
    expect(gaps.connected(31_000, true)).toBe(false);
  });

  it('finds a gap after longer than the queue keeps an event', () => {
    const gaps = createGapDetector();
    gaps.connected(0, false);
    gaps.disconnected(1_000);
    gaps.disconnected(40_000);
    expect(gaps.connected(61_000, true)).toBe(true);
    gaps.disconnected(70_000);
    expect(gaps.connected(71_000, true)).toBe(false);
  });

  it('finds a gap when the queue was lost, however short the absence', () => {
    const gaps = createGapDetector();
    gaps.connected(0, false);
    gaps.disconnected(1_000);
    expect(gaps.connected(1_100, false)).toBe(true);
  });
});
