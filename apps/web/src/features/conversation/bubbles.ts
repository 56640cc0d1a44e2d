import { deliveryState, type UserId, type Watermarks } from '@parley/domain';
import type { Outgoing, Timeline } from '@parley/chat-client';
import { daysAgo } from '../chats/time-text.ts';
import type { TickState } from './ticks.tsx';

/** One message as it is drawn. */
export type Bubble = {
  /** The same before and after the message is stored, so that its bubble stays where it is. */
  key: string;
  /** null while it is not stored. */
  seq: number | null;
  mine: boolean;
  /** null for a deleted message. */
  text: string | null;
  at: string | number;
  edited: boolean;
  tick: TickState | null;
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

/** The conversation from the oldest message held to the newest one written here. */
export function toBubbles(o: {
  timeline: Timeline;
  outgoing: readonly Outgoing[];
  me: UserId;
  other: Watermarks;
  newFrom: number | null;
}): Bubble[] {
  const bubbles = o.timeline.messages.map((message): Bubble => {
    const mine = message.senderId === o.me;
    return {
      ...PLAIN,
      key: `${message.senderId}:${message.clientMessageId}`,
      seq: message.seq,
      mine,
      text: message.deletedAt === null ? message.text : null,
      at: message.createdAt,
      edited: message.editedAt !== null,
      tick: mine ? deliveryState(message.seq, o.other) : null,
      startsNew: message.seq === o.newFrom,
    };
  });
  const stored = new Set(bubbles.map((bubble) => bubble.key));
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
      outgoing: entry,
    });
  }
  return grouped(bubbles);
}

const PLAIN = {
  seq: null,
  edited: false,
  tick: null,
  opens: false,
  closes: false,
  startsDay: false,
  startsNew: false,
  outgoing: null,
};

function grouped(bubbles: Bubble[]): Bubble[] {
  const opens = bubbles.map((bubble, index) => {
    const before = bubbles[index - 1];
    return before === undefined || bubble.startsNew || !belongTogether(before, bubble);
  });
  return bubbles.map((bubble, index) => {
    const before = bubbles[index - 1];
    return {
      ...bubble,
      opens: opens[index] === true,
      closes: opens[index + 1] !== false,
      startsDay: before === undefined || daysAgo(before.at, bubble.at) > 0,
    };
  });
}

function belongTogether(a: Bubble, b: Bubble): boolean {
  const pause = new Date(b.at).getTime() - new Date(a.at).getTime();
  return a.mine === b.mine && pause < GROUP_PAUSE_MS && daysAgo(a.at, b.at) === 0;
}
