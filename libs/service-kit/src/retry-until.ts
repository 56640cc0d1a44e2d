import { setTimeout as sleep } from 'node:timers/promises';

export type RetryOptions = {
  /** Ends the waiting; `retryUntil` then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** The first pause is 0..minMs, every further one up to twice as long, at most maxMs. */
  minMs: number;
  maxMs: number;
  onRetry?: (error: unknown, attempt: number, waitMs: number) => void;
};

/**
 * Calls `fn` until it succeeds and gives what it gave. Pauses grow exponentially with full jitter, so that many who lost the
 * same server don't come back at once (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog).
 */
export async function retryUntil<T>(fn: () => Promise<T> | T, o: RetryOptions): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    o.signal?.throwIfAborted();
    try {
      return await fn();
    } catch (error) {
      const waitMs = Math.round(Math.random() * Math.min(o.maxMs, o.minMs * 2 ** Math.min(attempt, 30)));
      o.onRetry?.(error, attempt, waitMs);
      await pause(waitMs, o.signal);
    }
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}
