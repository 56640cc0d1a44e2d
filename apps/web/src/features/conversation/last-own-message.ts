import type { ChatState } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import { changedMessage, type Changes } from '../chats/changed-run.ts';
import type { UserId } from '@parley/domain';

/** Further back nobody means "what I just wrote". */
const LOOK_BACK = 50;

/** The newest message of one's own that can still be changed. */
export const lastOwnMessage = (chat: ChatState, me: UserId, changes: Changes): Message | undefined =>
  chat.timeline.messages
    .slice(-LOOK_BACK)
    .map((message) => changedMessage(message, changes[message.id], me))
    .findLast((message) => message.senderId === me && message.deletedAt === null);
