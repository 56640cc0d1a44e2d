import type { Message } from '@parley/contracts';

/**
 * What this client holds of one chat: a run of messages without a hole, up to its cursor, and the newest seq it has heard of.
 * Pushes may be lost, doubled and reordered: older than the cursor is dropped, the next is shown, a gap is fetched.
 */
export type Timeline = {
  readonly loaded: boolean;
  /** Ascending by seq, each one more than the one before. */
  readonly messages: readonly Message[];
  /** The newest seq that is known to exist. */
  readonly head: number;
};

/** A piece of the history as the server gave it. */
export type Page = { readonly messages: readonly Message[]; readonly head: { readonly seq: number } };

export const EMPTY_TIMELINE: Timeline = { loaded: false, messages: [], head: 0 };

/** The seq up to which nothing is missing here; 0 when nothing is held. */
export const cursorOf = (timeline: Timeline): number => timeline.messages.at(-1)?.seq ?? 0;

/** The seq of the oldest message held; 0 when nothing is held. */
export const firstSeqOf = (timeline: Timeline): number => timeline.messages[0]?.seq ?? 0;

/** Whether newer messages exist than those held: a fetch after the cursor is due. */
export const isBehind = (timeline: Timeline): boolean => timeline.loaded && timeline.head > cursorOf(timeline);

/** Whether the history before what is held is still on the server only. */
export const hasOlder = (timeline: Timeline): boolean => firstSeqOf(timeline) > 1;

/** `timeline` with the knowledge that `seq` exists. */
export function withHead(timeline: Timeline, seq: number): Timeline {
  return seq <= timeline.head ? timeline : { ...timeline, head: seq };
}

/** A message that arrived by itself: a push, or the answer to one's own send. */
export function withMessage(timeline: Timeline, message: Message): Timeline {
  const known = withHead(timeline, message.seq);
  if (!timeline.loaded || message.seq > cursorOf(timeline) + 1) return known;
  if (message.seq === cursorOf(timeline) + 1) return { ...known, messages: [...known.messages, message] };
  const index = message.seq - firstSeqOf(timeline);
  const held = timeline.messages[index];
  if (held === undefined || held.rev >= message.rev) return known;
  return { ...known, messages: timeline.messages.with(index, message) };
}

/** A page that was asked for: the newest one, one before what is held, or one after the cursor. A page that doesn't join on is left out. */
export function withPage(timeline: Timeline, page: Page): Timeline {
  const known = withHead({ ...timeline, loaded: true }, Math.max(page.head.seq, page.messages.at(-1)?.seq ?? 0));
  const [first] = page.messages;
  const last = page.messages.at(-1);
  if (first === undefined || last === undefined) return known;
  if (timeline.messages.length === 0) return { ...known, messages: page.messages };
  if (first.seq > cursorOf(timeline) + 1 || last.seq < firstSeqOf(timeline) - 1) return known;
  return { ...known, messages: union(timeline.messages, page.messages) };
}

/** Two runs that overlap or touch, as one; of a message held in both the newer revision. */
function union(a: readonly Message[], b: readonly Message[]): readonly Message[] {
  const bySeq = new Map(a.map((message) => [message.seq, message]));
  for (const message of b) {
    const held = bySeq.get(message.seq);
    if (held === undefined || held.rev < message.rev) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}
