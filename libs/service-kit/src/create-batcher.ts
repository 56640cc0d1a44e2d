export type BatcherOptions<T> = {
  /** Takes one batch over. What it rejects with goes nowhere: every item carries its own way to be answered. */
  run(items: T[]): Promise<void> | void;
  /** Items in a batch at most. */
  max: number;
  /** Batches under way at once, for a `run` that gives a promise (default: no limit). */
  atOnce?: number;
  /** Milliseconds from the start of a batch of several to the start of the next that isn't full (default 0). */
  everyMs?: number;
};

export type Batcher<T> = { add(item: T): void };

/**
 * Gathers what comes close together, so that many share the cost of one message, one command or one write.
 *
 * An item that comes alone goes at the end of the turn of the event loop in which it came; those that come while `atOnce` batches are
 * under way, or within `everyMs` of a batch of several, wait for one another. So nothing is delayed while little happens, one item after
 * another neither, and the more comes at once the larger the batches get.
 */
export function createBatcher<T>(o: BatcherOptions<T>): Batcher<T> {
  const { max, atOnce = Infinity, everyMs = 0 } = o;
  let waiting: T[] = [];
  let running = 0;
  let notBefore = -Infinity;
  let isScheduled = false;

  const start = async (): Promise<void> => {
    const items = waiting.slice(0, max);
    waiting = waiting.slice(max);
    notBefore = items.length > 1 ? performance.now() + everyMs : -Infinity;
    running += 1;
    try {
      await o.run(items);
    } catch {
      // See `run`.
    } finally {
      running -= 1;
      schedule();
    }
  };

  const pump = (): void => {
    isScheduled = false;
    while (waiting.length > 0 && running < atOnce && (waiting.length >= max || notBefore <= performance.now())) {
      void start();
    }
    schedule();
  };

  const schedule = (): void => {
    if (isScheduled || waiting.length === 0 || running >= atOnce) return;
    isScheduled = true;
    const waitMs = notBefore - performance.now();
    if (waitMs <= 0) setImmediate(pump);
    else setTimeout(pump, Math.ceil(waitMs));
  };

  return {
    add: (item) => {
      waiting.push(item);
      if (waiting.length >= max && running < atOnce) pump();
      else schedule();
    },
  };
}
