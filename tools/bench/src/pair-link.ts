import type { ClientMessageId } from '@parley/domain';

export type PairScore = {
  /** A message reached the other member, `ms` after it was sent, or should have been. */
  delivered(ms: number): void;
  acknowledged(ms: number): void;
  receipt(): void;
  refused(code: string): void;
  stalled(): void;
};

export type PairTally = { acknowledged: number; pushed: number; lost: number; doubled: number; head: number };

/** Two people who write to each other in some manner. */
export type Pair = {
  play(): void;
  /** Finishes what is under way and counts. */
  stop(): Promise<PairTally>;
};

export type PairLink = {
  /** Sends until it is acknowledged; a refusal is tried again with the same id. */
  send(sender: 0 | 1, id: ClientMessageId): void;
  /** Acknowledged and not pushed yet. */
  missing(): number;
  tally(): PairTally;
};

/** What becomes of the messages of a pair. */
export type PairEvents = { acknowledged(id: ClientMessageId): void; pushed(id: ClientMessageId): void };

/** Joins a pair over some protocol. */
export type LinkPair = (on: PairEvents) => PairLink;

export type PairOptions = { link: LinkPair; score: PairScore };

export type MessageLog = {
  acknowledged(id: ClientMessageId, seq: number): void;
  /** False when it was pushed before. */
  pushed(id: ClientMessageId): boolean;
} & Pick<PairLink, 'missing' | 'tally'>;

/** Remembers what came of each message of a pair. */
export function createMessageLog(): MessageLog {
  const acknowledged = new Set<string>();
  const pushed = new Set<string>();
  let doubled = 0;
  let head = 0;
  const missing = (): number => [...acknowledged].filter((id) => !pushed.has(id)).length;
  return {
    acknowledged: (id, seq) => {
      acknowledged.add(id);
      head = Math.max(head, seq);
    },
    pushed: (id) => {
      if (pushed.has(id)) doubled += 1;
      const isNew = !pushed.has(id);
      pushed.add(id);
      return isNew;
    },
    missing,
    tally: () => ({ acknowledged: acknowledged.size, pushed: pushed.size, lost: missing(), doubled, head }),
  };
}

const LAST_PUSH_MS = 5_000;

/** Waits for the last pushes, but not for ever. */
export async function untilSettled(isSettled: () => boolean): Promise<void> {
  const deadline = performance.now() + LAST_PUSH_MS;
  while (!isSettled() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
}
