import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { createHistogram, type Histogram } from './histogram.ts';

export type Metrics = {
  registry: Registry;
  /** Each gives the metric of that name, made on first use, so that two parts may count into the same one. */
  counter<L extends string>(name: string, help: string, labels?: readonly L[]): Counter<L>;
  histogram<L extends string>(
    name: string,
    help: string,
    labels?: readonly L[],
    buckets?: readonly number[],
  ): Histogram<L>;
  gauge<L extends string>(name: string, help: string, labels?: readonly L[]): Gauge<L>;
};

/** Seconds: from a cache hit to the longest wait that a client still sits through. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A Prometheus registry of its own (no global state), with Node's default metrics in it and a `service` label on all. */
export function createMetrics(o: { service: string }): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service: o.service });
  collectDefaultMetrics({ register: registry });
  const registers = [registry];

  return {
    registry,
    counter: <L extends string>(name: string, help: string, labels: readonly L[] = []) =>
      (registry.getSingleMetric(name) as Counter<L> | undefined) ??
      new Counter<L>({ name, help, labelNames: [...labels], registers }),
    histogram: <L extends string>(name: string, help: string, labels: readonly L[] = [], buckets = SECONDS) =>
      (registry.getSingleMetric(name) as unknown as Histogram<L> | undefined) ??
      createHistogram({ registry, name, help, labels, buckets }),
    gauge: <L extends string>(name: string, help: string, labels: readonly L[] = []) =>
      (registry.getSingleMetric(name) as Gauge<L> | undefined) ??
      new Gauge<L>({ name, help, labelNames: [...labels], registers }),
  };
}
