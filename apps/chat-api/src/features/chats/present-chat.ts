import type { Chat, MarksById, Message } from '@parley/contracts';
import { NO_WATERMARKS, type UserId } from '@parley/domain';
import type { ChatDocument } from '../../database.ts';

/** What a chat shows of its messages to one member. */
export type ChatView = {
  lastSeq: number;
  lastRev: number;
  lastMessage: Message | null;
  unread: number;
} & MarksView;

/** Who looks at a chat's marks, and whether read receipts are hidden between its members. */
export type MarksView = { viewer: UserId; isPrivate: boolean };

export function presentChat(chat: ChatDocument, view: ChatView): Chat {
  return {
    id: chat._id,
    members: [...chat.members],
    lastSeq: view.lastSeq,
    lastRev: view.lastRev,
    lastMessage: view.lastMessage,
    unread: view.unread,
    marks: presentMarks(chat, view),
    createdAt: chat.createdAt.toISOString(),
    updatedAt: chat.last.at.toISOString(),
  };
}

/** Both members' watermarks, also of one who has none yet; what the other has seen only where it isn't hidden. */
export function presentMarks(
  { members, marks }: Pick<ChatDocument, 'members' | 'marks'>,
  { viewer, isPrivate }: MarksView,
): MarksById {
  return Object.fromEntries(
    members.map((member) => {
      const { delivered, seen } = marks[member] ?? NO_WATERMARKS;
      return [member, { delivered, seen: isPrivate && member !== viewer ? 0 : seen }];
    }),
  );
}
