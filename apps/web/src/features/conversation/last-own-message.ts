import type { ChatState } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import type { UserId } from '@parley/domain';

/** Further back nobody means "what I just wrote". */
const LOOK_BACK = 50;

/** The newest message of one's own that can still be changed. */
export const lastOwnMessage = (chat: ChatState, me: UserId): Message | undefined =>
  chat.timeline.messages.slice(-LOOK_BACK).findLast((message) => message.senderId === me && message.deletedAt === null);
