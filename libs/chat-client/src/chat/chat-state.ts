import type { Chat, MarksById, Message } from '@parley/contracts';
import { mergeWatermarks, NO_WATERMARKS, otherMember, type ChatId, type UserId, type Watermarks } from '@parley/domain';
import { SOUND_LEDGER, type Ledger } from '../ledger/ledger.ts';
import { NO_REVISIONS, type Revisions } from './revisions.ts';
import { cursorOf, EMPTY_TIMELINE, firstSeqOf, type Timeline } from './timeline.ts';

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
  readonly revisions: Revisions;
  readonly ledger: Ledger;
};

export const newChat = ({ id, members, createdAt }: Chat): ChatState => ({
  id,
  members,
  createdAt,
  lastSeq: 0,
  lastMessage: null,
  unread: 0,
  marks: {},
  timeline: EMPTY_TIMELINE,
  revisions: NO_REVISIONS,
  ledger: SOUND_LEDGER,
});

export const marksOf = (chat: ChatState, member: UserId | undefined): Watermarks =>
  (member === undefined ? undefined : chat.marks[member]) ?? NO_WATERMARKS;

/** The person on the other end. */
export const partnerOf = (chat: ChatState, me: UserId): UserId | undefined => otherMember(chat.members, me);

/** Orders chats by what was last said in them, the newest first. */
export const byActivity = (a: ChatState, b: ChatState): number =>
  (a.lastMessage?.createdAt ?? a.createdAt) < (b.lastMessage?.createdAt ?? b.createdAt) ? 1 : -1;

/** Marks of both sides merged by max: reports may come late, twice and in any order. The same object where nothing rises. */
export function mergeMarks(a: MarksById, b: MarksById): MarksById {
  let merged = a;
  for (const [member, reported] of Object.entries(b)) {
    const held = merged[member] ?? NO_WATERMARKS;
    const raised = mergeWatermarks(held, reported);
    if (held.seen === raised.seen && held.delivered === raised.delivered && member in merged) continue;
    merged = { ...merged, [member]: raised };
  }
  return merged;
}

/** The one further on; of two revisions of one message the newer. */
export function newestOf(a: Message | null, b: Message | null): Message | null {
  if (a === null || b === null) return a ?? b;
  return b.seq > a.seq || (b.seq === a.seq && b.rev > a.rev) ? b : a;
}

/** The unread count follows from marks and messages wherever those are held; else the count that was told stands, as far as it can be true. */
export function recounted(chat: ChatState, me: UserId): ChatState {
  const unread = countUnread(chat, me);
  return unread === chat.unread ? chat : { ...chat, unread };
}

function countUnread(chat: ChatState, me: UserId): number {
  const { seen } = marksOf(chat, me);
  const { timeline } = chat;
  if (chat.lastSeq <= seen) return 0;
  const isCovered = timeline.loaded && firstSeqOf(timeline) <= seen + 1 && cursorOf(timeline) >= chat.lastSeq;
  if (!isCovered) return Math.min(chat.unread, chat.lastSeq - seen);
  let unread = 0;
  for (let index = timeline.messages.length - 1; index >= 0; index -= 1) {
    const message = timeline.messages[index];
    if (message === undefined || message.seq <= seen) break;
    if (message.senderId !== me && message.deletedAt === null) unread += 1;
  }
  return unread;
}
