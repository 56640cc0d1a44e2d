import { userRoom } from '@parley/contracts';
import { otherMember } from '@parley/domain';
import { clientEvent } from '../../socket/client-event.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';
import type { Membership } from '../chats/membership.ts';

/**
 * `typing`: told to the other member's devices on every gateway, and to nobody else. It may be lost: the sign goes out by
 * itself after TYPING_TTL_MS, which is the client's part.
 */
export const typing = (io: GatewayServer, membership: Membership) =>
  clientEvent('typing', async ({ caller }, { chatId, typing: isTyping }) => {
    const members = await membership.membersOf(caller.userId, chatId);
    const other = otherMember(members, caller.userId);
    if (other) io.to(userRoom(other)).emit('typing', { chatId, userId: caller.userId, typing: isTyping });
    return {};
  });
