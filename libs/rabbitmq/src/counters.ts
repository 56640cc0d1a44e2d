import type { Metrics } from '@parley/service-kit';

export type Counters = {
  /** `outcome`: confirmed, or why not (PublishFailure). An alert watches `unroutable`. */
  published(exchange: string, outcome: string): void;
  /** `outcome`: done, retried, dead_lettered, dropped. */
  consumed(queue: string, outcome: string): void;
  /** `outcome`: ok, or the error's code. */
  called(command: string, outcome: string): void;
};

/** What this connection does, for /metrics; counts nothing where there are no metrics. */
export function createCounters(metrics: Metrics | undefined): Counters {
  const published = metrics?.counter('parley_rabbit_published_total', 'Events published', ['exchange', 'outcome']);
  const consumed = metrics?.counter('parley_rabbit_consumed_total', 'Events consumed', ['queue', 'outcome']);
  const called = metrics?.counter('parley_rabbit_rpc_calls_total', 'Commands asked of other services', [
    'command',
    'outcome',
  ]);
  return {
    published: (exchange, outcome) => published?.inc({ exchange, outcome }),
    consumed: (queue, outcome) => consumed?.inc({ queue, outcome }),
    called: (command, outcome) => called?.inc({ command, outcome }),
  };
}
