import type { Ask } from '../../ports.ts';
import { clientEvent } from '../../socket/client-event.ts';

/** `sendMessage`: acknowledged with the stored message, so only once it is durable. The sender is the token's. */
export const sendMessage = (ask: Ask) =>
  clientEvent('sendMessage', ({ caller }, payload) => ask('chat.sendMessage', { ...payload, callerId: caller.userId }));
