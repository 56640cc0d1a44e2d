import type { Message } from '@parley/contracts';
import { kept } from './kept.ts';
import { countFollowing, firstOf, joined, lastOf, merged, withNewer, type Run } from './runs.ts';

/**
 * What this client holds of one chat: a run of messages without a hole, up to its cursor, and the newest seq it has heard of.
 * Messages may come lost, doubled and reordered: older than the run is dropped, the next is shown, what is beyond a gap waits for it to close.
 */
export type Timeline = {
  readonly loaded: boolean;
  readonly messages: Run;
  /** Beyond a gap after the run, ascending; before the first page has come, whatever was pushed meanwhile. */
  readonly waiting: readonly Message[];
  /** A second run further back, that somebody jumped to: not joined to the first yet. */
  readonly window: Run | null;
  /** The newest seq that is known to exist. */
  readonly head: number;
};

const NONE: readonly Message[] = [];

export const EMPTY_TIMELINE: Timeline = { loaded: false, messages: NONE, waiting: NONE, window: null, head: 0 };

/** How many pushes are kept for a history that isn't loaded: more only cost what one fetch brings anyway. */
const WAITING_UNLOADED_MAX = 100;

/** The seq up to which nothing is missing here; 0 when nothing is held. */
export const cursorOf = (timeline: Timeline): number => lastOf(timeline.messages);

/** The seq of the oldest message of the run; 0 when nothing is held. */
export const firstSeqOf = (timeline: Timeline): number => firstOf(timeline.messages);

/** The run that is looked at: the one jumped to, else the newest. */
export const shownRun = (timeline: Timeline): Run => timeline.window ?? timeline.messages;

/** Whether history before what is looked at is still on the server only. */
export const hasOlder = (timeline: Timeline): boolean => firstOf(shownRun(timeline)) > 1;

/** `timeline` with the knowledge that `seq` exists. */
export function withHead(timeline: Timeline, seq: number): Timeline {
  return seq <= timeline.head ? timeline : { ...timeline, head: seq };
}

/** Messages in any order, as pushes and syncs bring them. */
export function withMessages(timeline: Timeline, messages: readonly Message[]): Timeline {
  const known = withHead(
    timeline,
    messages.reduce((head, message) => Math.max(head, message.seq), 0),
  );
  if (!timeline.loaded) {
    return { ...known, waiting: merged(timeline.waiting, messages).slice(-WAITING_UNLOADED_MAX) };
  }
  // What waited may have been reached by a page meanwhile.
  const run = withNewer(timeline.messages, [...timeline.waiting, ...messages]);
  const cursor = lastOf(run);
  const isLater = (message: Message) => message.seq > cursor;
  const later = merged(timeline.waiting.filter(isLater), messages.filter(isLater));
  const following = countFollowing(later, cursor);
  return kept(timeline, {
    ...known,
    messages: following === 0 ? run : [...run, ...later.slice(0, following)],
    waiting: later.length === following ? NONE : later.slice(following),
    window: timeline.window === null ? null : withNewer(timeline.window, messages),
  });
}

/** The newest page, for a history of which nothing is held, or nothing that it joins on. */
export function withNewestPage(timeline: Timeline, page: Run): Timeline {
  const loaded = { ...EMPTY_TIMELINE, loaded: true, messages: page, head: timeline.head };
  return withMessages(withHead(loaded, lastOf(page)), timeline.loaded ? [] : timeline.waiting);
}

/** A page before or after what is looked at. One that doesn't join on (it was overtaken by a jump elsewhere) is left out. */
export function withNextPage(timeline: Timeline, page: Run): Timeline {
  if (timeline.window === null) {
    const run = joined(timeline.messages, page);
    return run === undefined ? timeline : { ...timeline, messages: run };
  }
  const window = joined(timeline.window, page);
  if (window === undefined) return timeline;
  const run = joined(window, timeline.messages);
  return run === undefined ? { ...timeline, window } : { ...timeline, messages: run, window: null };
}

/** A page somewhere in the history, to be looked at from now on. */
export function withJump(timeline: Timeline, page: Run): Timeline {
  const run = joined(timeline.messages, page);
  return run === undefined ? { ...timeline, window: page } : { ...timeline, messages: run, window: null };
}
