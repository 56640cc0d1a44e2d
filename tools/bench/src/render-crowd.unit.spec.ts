import { describe, expect, it } from 'vitest';
import { renderCrowd } from './render-crowd.ts';

const measured = {
  connections: 2_000,
  failed: 0,
  lastMs: 3_900,
  readyMs: { p50: 1_900, p95: 3_600, p99: 3_800, max: 3_900 },
  bytesPerConnection: 25_600,
  cpu: { 'realtime-gateway': 2.5, redis: 0.001 },
};

describe('renderCrowd', () => {
  it('shows both, and the processes that did something', () => {
    const text = renderCrowd({ subject: 'storm', parley: measured, bare: { ...measured, bytesPerConnection: 18_432 } });
    expect(text).toMatch(/all ready after, s\s+3\.90\s+3\.90/);
    expect(text).toMatch(/memory a connection, KB\s+25\.0\s+18\.0/);
    expect(text).toContain('realtime-gateway');
    expect(text).not.toContain('redis');
  });
});
