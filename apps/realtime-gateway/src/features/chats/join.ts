import { chatRoom } from '@parley/contracts';
import { clientEvent } from '../../socket/client-event.ts';
import { joinRooms } from '../../socket/socket-types.ts';
import type { Membership } from './membership.ts';

/** `join`: the socket shows this chat; the answer's head tells how far the client has to catch up. */
export const join = (membership: Membership) =>
  clientEvent('join', async ({ socket, caller }, { chatId }) => {
    const { head } = await membership.authorize(caller.userId, chatId);
    await joinRooms(socket, [chatRoom(chatId)]);
    return { head };
  });
