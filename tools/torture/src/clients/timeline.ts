import { isDeepStrictEqual } from 'node:util';
import type { Message } from '@parley/contracts';

/** What one device has of a chat. */
export type Timeline = {
  /** Every change up to this one is in. */
  rev: number;
  /** Changes that came before the ones in front of them. */
  earlyRevs: Set<number>;
  /** The list: the message with `seq` n is at n - 1, without holes. */
  messages: Message[];
  shown: string[];
  /** Came before the ones in front of them. */
  early: Map<number, Message>;
};

export const emptyTimeline = (): Timeline => ({
  rev: 0,
  earlyRevs: new Set(),
  messages: [],
  shown: [],
  early: new Map(),
});

/**
 * Takes a message or a change in, whichever way it came: older states of it change nothing, and what comes before its turn waits.
 * @returns what is wrong with it, if it contradicts what the device was told before
 */
export function take(timeline: Timeline, message: Message): string | undefined {
  const known = timeline.messages[message.seq - 1] ?? timeline.early.get(message.seq);
  if (known && known.id !== message.id) return `seq ${message.seq} is ${known.id}, and now ${message.id}`;
  if (known && known.rev === message.rev && !isDeepStrictEqual(known, message)) {
    return `rev ${message.rev} was ${JSON.stringify(known)}, and now ${JSON.stringify(message)}`;
  }
  if (!known || message.rev > known.rev) {
    if (message.seq <= timeline.messages.length) timeline.messages[message.seq - 1] = message;
    else timeline.early.set(message.seq, message);
  }
  if (message.rev > timeline.rev) timeline.earlyRevs.add(message.rev);
  while (timeline.earlyRevs.delete(timeline.rev + 1)) timeline.rev += 1;
  for (let next = nextOf(timeline); next; next = nextOf(timeline)) {
    timeline.early.delete(next.seq);
    timeline.messages.push(next);
    timeline.shown.push(next.id);
  }
  return undefined;
}

const nextOf = ({ early, messages }: Timeline): Message | undefined => early.get(messages.length + 1);

/** Everything up to this change was fetched. */
export function syncedTo(timeline: Timeline, rev: number): void {
  timeline.rev = Math.max(timeline.rev, rev);
}

/** Whether something is missing, as far as the device can tell by itself. */
export const hasGap = ({ early }: Timeline): boolean => early.size > 0;
