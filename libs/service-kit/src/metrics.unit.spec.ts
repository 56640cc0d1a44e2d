import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('gives one metric for one name, and keeps two services apart', async () => {
    const metrics = createMetrics({ service: 'a' });
    metrics.counter('things_total', 'Things', ['kind']).inc({ kind: 'x' });
    metrics.counter('things_total', 'Things', ['kind']).inc({ kind: 'x' });
    metrics.gauge('level', 'Level').set(3);
    metrics.histogram('wait_seconds', 'Wait').observe({}, 0.002);
    const text = await metrics.registry.metrics();
    expect(text).toContain('things_total{kind="x",service="a"} 2');
    expect(text).toContain('level{service="a"} 3');
    expect(text).toContain('wait_seconds_bucket{le="0.0025",service="a"} 1');
    expect(text).toContain('process_cpu_seconds_total');
    expect(createMetrics({ service: 'b' }).registry.getSingleMetric('things_total')).toBeUndefined();
  });
});
