import type { Ask } from '../../ports.ts';
import { clientEvent } from '../../socket/client-event.ts';

/** `seen`: everything up to `seq` was before the caller's eyes. */
export const seen = (ask: Ask) =>
  clientEvent('seen', ({ caller }, { chatId, seq }) => ask('chat.markSeen', { callerId: caller.userId, chatId, seq }));
