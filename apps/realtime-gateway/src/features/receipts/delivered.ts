import type { Ask } from '../../ports.ts';
import { clientEvent } from '../../socket/client-event.ts';

/** `delivered`: everything up to `seq` has reached a device of the caller. */
export const delivered = (ask: Ask) =>
  clientEvent('delivered', ({ caller }, { chatId, seq }) =>
    ask('chat.markDelivered', { callerId: caller.userId, chatId, seq }),
  );
