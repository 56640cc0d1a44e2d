import type { Message } from '@parley/contracts';
import { deliveryState, type UserId, type Watermarks } from '@parley/domain';
import { messageAt, type Outgoing, type Run } from '@parley/chat-client';
import type { TickState } from './ticks.tsx';

/** What a message answers. `message` is null where it isn't held here. */
export type Quote = { seq: number; message: Message | null };

/** One message as it is drawn. */
export type Bubble = {
  /** The same before and after the message is stored, so that its bubble stays where it is. */
  key: string;
  /** null while it is not stored. */
  message: Message | null;
  mine: boolean;
  /** null for a deleted message. */
  text: string | null;
  /** Milliseconds since the epoch. */
  at: number;
  edited: boolean;
  tick: TickState | null;
  quotedSeq: number | null;
  quoted: Message | null;
  /** First and last of a group: what one person said without a pause. */
  opens: boolean;
  closes: boolean;
  /** The first of its day. */
  startsDay: boolean;
  /** The first that was unread when the conversation was opened. */
  startsNew: boolean;
  outgoing: Outgoing | null;
};

const GROUP_PAUSE_MS = 5 * 60_000;

/** The conversation from the oldest message of the run to the newest one written here. */
export function toBubbles(o: {
  run: Run;
  outgoing: readonly Outgoing[];
  me: UserId;
  other: Watermarks;
  newFrom: number | null;
}): Bubble[] {
  const quotedIn = (seq: number | null) => (seq === null ? null : (messageAt(o.run, seq) ?? null));
  const bubbles = o.run.map((message): Bubble => {
    const mine = message.senderId === o.me;
    return {
      ...PLAIN,
      key: `${message.senderId}:${message.clientMessageId}`,
      message,
      mine,
      text: message.deletedAt === null ? message.text : null,
      at: momentOf(message).at,
      edited: message.editedAt !== null && message.deletedAt === null,
      tick: mine ? deliveryState(message.seq, o.other) : null,
      quotedSeq: message.deletedAt === null ? message.replyToSeq : null,
      quoted: message.deletedAt === null ? quotedIn(message.replyToSeq) : null,
      startsNew: message.seq === o.newFrom,
    };
  });
  const stored = new Set(o.outgoing.length === 0 ? [] : bubbles.map((bubble) => bubble.key));
  for (const entry of o.outgoing) {
    const key = `${o.me}:${entry.clientMessageId}`;
    if (stored.has(key)) continue;
    bubbles.push({
      ...PLAIN,
      key,
      mine: true,
      text: entry.text,
      at: entry.createdAt,
      tick: entry.status,
      quotedSeq: entry.replyToSeq ?? null,
      quoted: quotedIn(entry.replyToSeq ?? null),
      outgoing: entry,
    });
  }
  return grouped(bubbles);
}

const PLAIN = {
  message: null,
  edited: false,
  tick: null,
  quotedSeq: null,
  quoted: null,
  opens: false,
  closes: false,
  startsDay: false,
  startsNew: false,
  outgoing: null,
};

/** Marks where groups and days begin, in the bubbles themselves: a long history is walked through once. */
function grouped(bubbles: Bubble[]): Bubble[] {
  let before: Bubble | undefined;
  for (const bubble of bubbles) {
    bubble.startsDay = before === undefined || dayOf(before) !== dayOf(bubble);
    bubble.opens = before === undefined || bubble.startsNew || !belongTogether(before, bubble);
    if (before !== undefined) before.closes = bubble.opens;
    before = bubble;
  }
  if (before !== undefined) before.closes = true;
  return bubbles;
}

const belongTogether = (a: Bubble, b: Bubble): boolean =>
  a.mine === b.mine && b.at - a.at < GROUP_PAUSE_MS && dayOf(a) === dayOf(b);

/** When a message was sent, and midnight before it here: dates are slow, and a long history asks for the same ones again and again. */
const moments = new WeakMap<Message, { at: number; day: number }>();

function momentOf(message: Message): { at: number; day: number } {
  const known = moments.get(message);
  if (known !== undefined) return known;
  const at = new Date(message.createdAt).getTime();
  const moment = { at, day: midnight(at) };
  moments.set(message, moment);
  return moment;
}

const dayOf = (bubble: Bubble): number =>
  bubble.message === null ? midnight(bubble.at) : momentOf(bubble.message).day;
const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
