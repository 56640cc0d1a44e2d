const OPENS_AFTER = 5;
const PAUSE_MIN_MS = 200;
const PAUSE_MAX_MS = 1_000;

export type Circuit = {
  /** Open: nothing should be tried now. */
  isOpen(): boolean;
  /** Closed: no reason to hold anything back. Neither open nor closed: a few may try. */
  isClosed(): boolean;
  /** Milliseconds until a few may try. */
  remainingMs(): number;
  succeeded(): void;
  failed(): void;
};

/**
 * Keeps callers from hammering what is away, and from waiting for it: after a few failures in a row everything pauses, for
 * a time that doubles (with jitter) up to a second, then a few try. One success and all go on.
 */
export function createCircuit(o: { onOpen(): void; onClose(): void }): Circuit {
  let failures = 0;
  let pauses = 0;
  let openUntil = 0;

  return {
    isOpen: () => performance.now() < openUntil,
    isClosed: () => pauses === 0,
    remainingMs: () => Math.max(0, openUntil - performance.now()),
    succeeded: () => {
      if (pauses > 0) o.onClose();
      failures = 0;
      pauses = 0;
      openUntil = 0;
    },
    failed: () => {
      failures += 1;
      const isTrial = pauses > 0;
      // Those that were on their way when it opened say nothing new.
      if (performance.now() < openUntil || (!isTrial && failures < OPENS_AFTER)) return;
      if (!isTrial) o.onOpen();
      const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** pauses);
      pauses += 1;
      openUntil = performance.now() + pauseMs * (0.5 + Math.random() / 2);
    },
  };
}
