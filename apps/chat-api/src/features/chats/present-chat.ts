import type { Chat, MarksById } from '@parley/contracts';
import { NO_WATERMARKS } from '@parley/domain';
import type { ChatDocument, StoredMessage } from '../../database.ts';
import { presentMessage } from '../messages/present-message.ts';

/** What a chat shows of its messages to one member. */
export type ChatView = { lastSeq: number; lastRev: number; lastMessage: StoredMessage | null; unread: number };

export function presentChat(chat: ChatDocument, view: ChatView): Chat {
  return {
    id: chat._id,
    members: [...chat.members],
    lastSeq: view.lastSeq,
    lastRev: view.lastRev,
    lastMessage: view.lastMessage && presentMessage(view.lastMessage),
    unread: view.unread,
    marks: presentMarks(chat),
    createdAt: chat.createdAt.toISOString(),
    updatedAt: chat.last.at.toISOString(),
  };
}

/** Both members' watermarks, also of one who has none yet. */
export function presentMarks({ members, marks }: Pick<ChatDocument, 'members' | 'marks'>): MarksById {
  return Object.fromEntries(
    members.map((member) => {
      const { delivered, seen } = marks[member] ?? NO_WATERMARKS;
      return [member, { delivered, seen }];
    }),
  );
}
