import type { Chat, MarksById, Message } from '@parley/contracts';
import { mergeWatermarks, NO_WATERMARKS, otherMember, type ChatId, type UserId, type Watermarks } from '@parley/domain';
import {
  cursorOf,
  EMPTY_TIMELINE,
  firstSeqOf,
  withHead,
  withMessage,
  withPage,
  type Page,
  type Timeline,
} from './timeline.ts';

/** One chat as this client knows it: its line in the list, and what of its history is held. */
export type ChatState = {
  readonly id: ChatId;
  readonly members: readonly [UserId, UserId];
  readonly createdAt: string;
  readonly lastSeq: number;
  readonly lastMessage: Message | null;
  readonly unread: number;
  readonly marks: MarksById;
  readonly timeline: Timeline;
};

export const marksOf = (chat: ChatState, member: UserId | undefined): Watermarks =>
  (member === undefined ? undefined : chat.marks[member]) ?? NO_WATERMARKS;

/** The person on the other end. */
export const partnerOf = (chat: ChatState, me: UserId): UserId | undefined => otherMember(chat.members, me);

/** Marks of both sides merged by max: reports may come late, twice and in any order. */
export function mergeMarks(a: MarksById, b: MarksById): MarksById {
  const merged: MarksById = { ...a };
  for (const [member, reported] of Object.entries(b)) {
    merged[member] = mergeWatermarks(merged[member] ?? NO_WATERMARKS, reported);
  }
  return merged;
}

/** A chat as the server presented it, merged into what is known. */
export function fromServer(known: ChatState | undefined, chat: Chat, me: UserId): ChatState {
  const held = known ?? {
    id: chat.id,
    members: chat.members,
    createdAt: chat.createdAt,
    lastSeq: 0,
    lastMessage: null,
    unread: 0,
    marks: {},
    timeline: EMPTY_TIMELINE,
  };
  const isNewer = chat.lastSeq >= held.lastSeq;
  return recount(
    {
      ...held,
      lastSeq: Math.max(held.lastSeq, chat.lastSeq),
      lastMessage: newestOf(held.lastMessage, chat.lastMessage),
      unread: isNewer ? chat.unread : held.unread,
      marks: mergeMarks(held.marks, chat.marks),
      timeline: withHead(held.timeline, chat.lastSeq),
    },
    me,
  );
}

/** A message that arrived by itself. */
export function receive(chat: ChatState, message: Message, me: UserId): ChatState {
  const isNew = message.seq > chat.lastSeq;
  return recount(
    {
      ...chat,
      lastSeq: Math.max(chat.lastSeq, message.seq),
      lastMessage: newestOf(chat.lastMessage, message),
      unread: chat.unread + (isNew && message.senderId !== me ? 1 : 0),
      timeline: withMessage(chat.timeline, message),
    },
    me,
  );
}

/** A page of the history that was asked for. */
export function receivePage(chat: ChatState, page: Page, me: UserId): ChatState {
  const newest = page.messages.at(-1) ?? null;
  return recount(
    {
      ...chat,
      lastSeq: Math.max(chat.lastSeq, page.head.seq),
      lastMessage: newestOf(chat.lastMessage, newest),
      timeline: withPage(chat.timeline, page),
    },
    me,
  );
}

export function receiveMarks(chat: ChatState, marks: MarksById, me: UserId): ChatState {
  return recount({ ...chat, marks: mergeMarks(chat.marks, marks) }, me);
}

function newestOf(a: Message | null, b: Message | null): Message | null {
  if (a === null || b === null) return a ?? b;
  return b.seq > a.seq || (b.seq === a.seq && b.rev > a.rev) ? b : a;
}

/** The unread count follows from marks and messages wherever those are held; else the server's count stands. */
function recount(chat: ChatState, me: UserId): ChatState {
  const { seen } = marksOf(chat, me);
  if (chat.lastSeq <= seen) return { ...chat, unread: 0 };
  const { timeline } = chat;
  const isCovered = timeline.loaded && firstSeqOf(timeline) <= seen + 1 && cursorOf(timeline) >= chat.lastSeq;
  if (!isCovered) return chat;
  const beyondSeen = timeline.messages.slice(Math.max(0, seen + 1 - firstSeqOf(timeline)));
  const isUnread = (m: Message) => m.senderId !== me && m.deletedAt === null;
  return { ...chat, unread: beyondSeen.filter(isUnread).length };
}
