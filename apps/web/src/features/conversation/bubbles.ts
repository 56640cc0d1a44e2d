import type { Message } from '@parley/contracts';
import { deliveryState, type ClientMessageId, type UserId, type Watermarks } from '@parley/domain';
import { messageAt, type MessageChange, type Outgoing, type Run } from '@parley/chat-client';
import type { Changes } from '../chats/changed-run.ts';
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

type Shown = {
  /** As it will be once `changes` are done. */
  run: Run;
  changes: Changes;
  outgoing: readonly Outgoing[];
  me: UserId;
  other: Watermarks;
  newFrom: number | null;
};

/** The conversation from the oldest message of the run to the newest one written here. What is drawn as before is the same object as before. */
export function toBubbles(o: Shown): Bubble[] {
  const bubbles: Bubble[] = [];
  let last: Unplaced | undefined;
  const place = (next: Unplaced | undefined) => {
    if (last !== undefined) bubbles.push(drawn(last, next === undefined || next.opens));
    last = next;
  };
  for (const message of o.run) place(ofMessage(message, last, o));
  const stored = new Set(o.outgoing.length === 0 ? [] : o.run.map(keyOf));
  for (const entry of o.outgoing) {
    if (!stored.has(keyOf({ ...entry, senderId: o.me }))) place(ofOutgoing(entry, last, o));
  }
  place(undefined);
  return bubbles;
}

/** A bubble of which is not known yet whether the next one goes on with its group. */
type Unplaced = Omit<Bubble, 'closes' | 'key' | 'text' | 'edited'> & { day: number; senderId: UserId };

function ofMessage(message: Message, before: Unplaced | undefined, o: Shown): Unplaced {
  const mine = message.senderId === o.me;
  const isDeleted = message.deletedAt !== null;
  const { at, day } = momentOf(message);
  const startsNew = message.seq === o.newFrom;
  const quotedSeq = isDeleted ? null : message.replyToSeq;
  return {
    message,
    senderId: message.senderId,
    mine,
    at,
    day,
    tick: isWaiting(o.changes[message.id]) ? 'pending' : mine ? deliveryState(message.seq, o.other) : null,
    quotedSeq,
    quoted: quotedSeq === null ? null : (messageAt(o.run, quotedSeq) ?? null),
    startsNew,
    startsDay: before?.day !== day,
    opens: startsNew || !goesOn(before, { mine, at, day }),
    outgoing: null,
  };
}

/** Whether the message itself is to become another; a reaction waits for itself. */
const isWaiting = (changes: readonly MessageChange[] = []): boolean =>
  changes.some(({ status, wish }) => status === 'pending' && wish.kind !== 'reaction');

function ofOutgoing(entry: Outgoing, before: Unplaced | undefined, o: Shown): Unplaced {
  const place = { mine: true, at: entry.createdAt, day: midnight(entry.createdAt) };
  const quotedSeq = entry.replyToSeq ?? null;
  return {
    ...place,
    message: null,
    senderId: o.me,
    tick: entry.status,
    quotedSeq,
    quoted: quotedSeq === null ? null : (messageAt(o.run, quotedSeq) ?? null),
    startsNew: false,
    startsDay: before?.day !== place.day,
    opens: !goesOn(before, place),
    outgoing: entry,
  };
}

const goesOn = (before: Unplaced | undefined, next: Pick<Unplaced, 'mine' | 'at' | 'day'>): boolean =>
  before !== undefined && before.mine === next.mine && next.at - before.at < GROUP_PAUSE_MS && before.day === next.day;

/** How each message was drawn last: in a long conversation all but a few are drawn as before. */
const drawings = new WeakMap<Message, Bubble>();

function drawn(o: Unplaced, closes: boolean): Bubble {
  const { message } = o;
  if (message === null) return toBubble(o, closes);
  const held = drawings.get(message);
  if (held !== undefined && held.closes === closes && isDrawnAs(held, o)) return held;
  const bubble = toBubble(o, closes);
  drawings.set(message, bubble);
  return bubble;
}

const isDrawnAs = (held: Bubble, o: Unplaced): boolean =>
  held.tick === o.tick &&
  held.opens === o.opens &&
  held.startsDay === o.startsDay &&
  held.startsNew === o.startsNew &&
  held.quoted === o.quoted &&
  held.mine === o.mine;

function toBubble({ day: _day, senderId, ...o }: Unplaced, closes: boolean): Bubble {
  const { message, outgoing } = o;
  const clientMessageId = message?.clientMessageId ?? outgoing?.clientMessageId;
  const isDeleted = message !== null && message.deletedAt !== null;
  return {
    ...o,
    closes,
    key: keyOf({ senderId, clientMessageId }),
    text: message === null ? (outgoing?.text ?? null) : isDeleted ? null : message.text,
    edited: message !== null && message.editedAt !== null && !isDeleted,
  };
}

/** A UUID that its sender has made: nobody else's is the same but on purpose, and then the two must not be drawn as one. */
const keyOf = ({
  senderId,
  clientMessageId,
}: {
  senderId: UserId;
  clientMessageId: ClientMessageId | undefined;
}): string => `${senderId}:${clientMessageId}`;

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

const midnight = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
