/** Shorter than the minute that the queue keeps an event, by what a broken connection may go unnoticed. */
const QUEUE_KEEPS_MS = 45_000;

export type GapDetector = {
  disconnected(nowMs: number): void;
  /** The connection is back. True when events may be missing: it was away for too long, or the queue had to be made anew. */
  connected(nowMs: number, queueWasThere: boolean): boolean;
};

/** Tells whether a gateway that lost the broker may have missed events. The first connection has missed nothing. */
export function createGapDetector(keepsMs = QUEUE_KEEPS_MS): GapDetector {
  let awaySince: number | undefined;
  let wasConnected = false;
  return {
    disconnected: (nowMs) => {
      awaySince ??= nowMs;
    },
    connected: (nowMs, queueWasThere) => {
      const awayMs = awaySince === undefined ? 0 : nowMs - awaySince;
      const hasGap = wasConnected && (awayMs > keepsMs || !queueWasThere);
      wasConnected = true;
      awaySince = undefined;
      return hasGap;
    },
  };
}
