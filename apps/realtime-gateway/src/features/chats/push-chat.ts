import { userRoom } from '@parley/contracts';
import type { BrokerEventOf } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import type { Ask } from '../../ports.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';
import type { Membership } from './membership.ts';

/** A new chat goes to each member who is connected here, as that member sees it. */
export const pushChat =
  (io: GatewayServer, ask: Ask, membership: Membership) => async (event: BrokerEventOf<'chat.created'>) => {
    const { chatId, members } = event.payload;
    membership.remember(chatId, members);
    const isHere = (id: UserId): boolean => io.of('/').adapter.rooms.has(userRoom(id));
    await Promise.all(
      members.filter(isHere).map(async (callerId) => {
        const { chat } = await ask('chat.present', { callerId, chatId });
        io.local.to(userRoom(callerId)).emit('chat:created', { chat });
      }),
    );
  };
