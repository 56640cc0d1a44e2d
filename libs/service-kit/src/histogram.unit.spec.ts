import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { createHistogram } from './histogram.ts';

const BUCKETS = [0.001, 0.01, 0.5];

describe('createHistogram', () => {
  it("prints what the library's own histogram prints", async () => {
    const [own, theirs] = [new Registry(), new Registry()];
    for (const registry of [own, theirs]) registry.setDefaultLabels({ service: 'test' });
    const shape = { name: 'wait_seconds', help: 'Wait', buckets: BUCKETS };
    const mine = createHistogram({ ...shape, registry: own, labels: ['event', 'outcome'] });
    const library = new Histogram({ ...shape, labelNames: ['event', 'outcome'], registers: [theirs] });
    for (const value of [0.0005, 0.001, 0.0011, 0.25, 0.5, 0.75, 30]) {
      for (const labels of [
        { event: 'join', outcome: 'ok' },
        { outcome: 'refused', event: 'join' },
      ]) {
        mine.observe(labels, value);
        library.observe(labels, value);
      }
    }
    const lines = async (registry: Registry) => (await registry.metrics()).split('\n').sort();
    expect(await lines(own)).toEqual(await lines(theirs));
  });
});
