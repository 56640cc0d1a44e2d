import { setTimeout as sleep } from 'node:timers/promises';
import { createCircuit, type Clock, type Logger, type Metrics } from '@parley/service-kit';
import type { Collection, Filter } from 'mongodb';
import { createEntryClaimer } from './claim-entries.ts';
import { createEntryClearer } from './clear-entries.ts';
import type { OutboxDocument } from './outbox-document.ts';

const IN_FLIGHT_MAX = 50;
/** Fresh documents beyond this wait for the sweeper: a broker this slow has no use for more at once. */
const NUDGED_MAX = 2_000;
/** How many may try whether what was away is back. */
const TRIALS = 5;
/** When to try an entry again that failed with all others, and one that failed alone. */
const RETRY_MS = 1_000;
const RETRY_ALONE_MS = 3_000;
const COUNT_EVERY_MS = 5_000;

export type OutboxRelayOptions<T extends OutboxDocument> = {
  collection: Collection<T>;
  /** Projects and publishes (confirmed). It may run twice for one entry; it throws to keep the entry. */
  deliver(doc: T): Promise<void>;
  /** What must still hold for an entry without a token to be unset, e.g. `{rev: doc.rev}`: a later change has an entry of its own. */
  clear(doc: T): Filter<T>;
  /** Whether it is certain that nothing could be delivered now: then no entry is claimed that another instance may be able to deliver. */
  isAway?(): boolean;
  logger: Logger;
  metrics: Metrics;
  clock?: Clock;
  sweepEveryMs?: number;
  olderThanMs?: number;
  leaseMs?: number;
  batch?: number;
};

export type OutboxRelay<T> = {
  /** Delivers this fresh document now. Errors are only logged: the sweeper heals. */
  nudge(doc: T): void;
  /** Begins to sweep, at once and then every `sweepEveryMs`. */
  start(): void;
  /** Ends sweeping and waits for what is being delivered. */
  stop(): Promise<void>;
  /** How many entries are still to be delivered, by any instance. */
  pending(): Promise<number>;
};

/**
 * Tells others what a document says, at least once: at once when nudged, and within seconds by any instance's sweep
 * when the instance that wrote it died, or when the broker was away. Repeats and other orders are possible, losses not.
 */
export function createOutboxRelay<T extends OutboxDocument>(o: OutboxRelayOptions<T>): OutboxRelay<T> {
  const { collection, sweepEveryMs = 1_000, olderThanMs = 2_000, leaseMs = 10_000, batch = 100 } = o;
  const clock = o.clock ?? (() => new Date());
  const logger = o.logger.child({ outbox: collection.collectionName });
  const labels = { collection: collection.collectionName };
  const delivered = o.metrics.counter('outbox_delivered_total', 'Outbox entries delivered', ['collection']);
  const failed = o.metrics.counter('outbox_failed_total', 'Failed attempts to deliver an entry', ['collection']);
  const pendingGauge = o.metrics.gauge('outbox_pending', 'Outbox entries not delivered yet', ['collection']);
  const ageGauge = o.metrics.gauge('outbox_oldest_seconds', 'Age of the oldest entry not delivered yet', [
    'collection',
  ]);
  // What every outbox document has; generics over T's other fields would say nothing more.
  const entries = collection as unknown as Collection<OutboxDocument>;
  const claimer = createEntryClaimer({ collection: entries, clock, olderThanMs, leaseMs });
  const clearer = createEntryClearer(entries);
  const circuit = createCircuit({
    onOpen: () => logger.warn('deliveries fail, holding back'),
    onClose: () => logger.info('deliveries succeed again'),
  });
  const active = new Map<string, number>();
  const running = new Set<Promise<unknown>>();
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;
  let countAt = 0;

  /** True when it was delivered. Never rejects. */
  const deliver = async (doc: T): Promise<boolean> => {
    active.set(doc._id, (active.get(doc._id) ?? 0) + 1);
    try {
      await o.deliver(doc);
      circuit.succeeded();
      delivered.inc(labels);
      await clearer.clear(doc, o.clear(doc) as Filter<OutboxDocument>).catch((error: unknown) => {
        logger.warn({ err: error, id: doc._id }, 'delivered, but not unset: it will be delivered again');
      });
      return true;
    } catch (error) {
      failed.inc(labels);
      // One that fails alone is worth a line; when all fail, the circuit says so once.
      logger[circuit.isClosed() ? 'warn' : 'debug']({ err: error, id: doc._id }, 'not delivered');
      circuit.failed();
      return false;
    } finally {
      const others = (active.get(doc._id) ?? 1) - 1;
      if (others > 0) active.set(doc._id, others);
      else active.delete(doc._id);
    }
  };

  /** Gives how many were delivered. */
  const sweep = async (): Promise<number> => {
    if (o.isAway?.()) return 0;
    const due = (await claimer.candidates(batch)).filter((id) => !active.has(id));
    const claimed = await claimer.claim(circuit.isClosed() ? due : sample(due, TRIALS));
    const failures: OutboxDocument[] = [];
    const waiting = [...claimed];
    const worker = async (): Promise<void> => {
      while (!stopping.signal.aborted && !circuit.isOpen()) {
        const doc = waiting.shift();
        if (!doc) return;
        if (!(await deliver(doc as T))) failures.push(doc);
      }
    };
    await Promise.all(Array.from({ length: Math.min(IN_FLIGHT_MAX, claimed.length) }, worker));
    await claimer.release(failures, circuit.isClosed() ? RETRY_ALONE_MS : RETRY_MS);
    // Not tried, since others failed or the end has come: whoever sweeps next may have them.
    await claimer.release(waiting, 0);
    return claimed.length - failures.length - waiting.length;
  };

  const pending = (): Promise<number> => entries.countDocuments({ 'outbox.at': { $gt: new Date(0) } });

  const countNowAndThen = async (): Promise<void> => {
    if (performance.now() < countAt) return;
    countAt = performance.now() + COUNT_EVERY_MS;
    const [count, oldest] = await Promise.all([
      pending(),
      entries.findOne(
        { 'outbox.at': { $gt: new Date(0) } },
        { sort: { 'outbox.at': 1 }, projection: { 'outbox.at': 1 } },
      ),
    ]);
    pendingGauge.set(labels, count);
    const at = oldest?.outbox?.at.getTime();
    ageGauge.set(labels, at === undefined ? 0 : Math.max(0, clock().getTime() - at) / 1_000);
  };

  const sweepForEver = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let waitMs = sweepEveryMs;
      try {
        await countNowAndThen();
        // As long as there is something to do there is no pause: a backlog drains as fast as it can be delivered.
        if ((await sweep()) > 0) waitMs = 0;
        else if (circuit.isOpen()) waitMs = Math.min(sweepEveryMs, circuit.remainingMs());
      } catch (error) {
        logger.debug({ err: error }, 'sweep failed');
      }
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };

  return {
    nudge: (doc) => {
      if (circuit.isOpen() || running.size >= NUDGED_MAX || stopping.signal.aborted) return;
      const delivery = deliver(doc).finally(() => running.delete(delivery));
      running.add(delivery);
    },
    start: () => {
      loop ??= sweepForEver();
    },
    stop: async () => {
      stopping.abort();
      await Promise.all([loop, ...running]);
    },
    pending,
  };
}

/** Any of them, not the oldest: those may be the very ones that fail always, and the others would never get their try. */
function sample<T>(all: T[], count: number): T[] {
  const rest = [...all];
  return Array.from({ length: Math.min(count, all.length) }, () =>
    rest.splice(Math.floor(Math.random() * rest.length), 1),
  ).flat();
}
