import type { Ask } from '../../ports.ts';
import { clientEvent } from '../../socket/client-event.ts';

/** `heads`: the ends of the caller's chats, for a client to see whether it missed a push. Chats of others are left out. */
export const heads = (ask: Ask) =>
  clientEvent('heads', async ({ caller }, { chatIds }) => {
    if (chatIds.length === 0) return { heads: {} };
    return ask('chat.heads', { callerId: caller.userId, chatIds });
  });
