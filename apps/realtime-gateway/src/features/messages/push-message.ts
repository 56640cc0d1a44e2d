import { userRoom } from '@parley/contracts';
import type { BrokerEventOf } from '@parley/contracts';
import type { LateWrites } from '../../socket/late-writes.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';
import type { Membership } from '../chats/membership.ts';

/**
 * A new message goes to every device of both members on this gateway: the sender's other devices show it too. These may have it a moment
 * later: the one that sent it has it from the acknowledgement.
 */
export const pushMessage =
  (io: GatewayServer, membership: Membership, writes: LateWrites) => (event: BrokerEventOf<'message.created'>) => {
    const { members, message } = event.payload;
    membership.remember(message.chatId, members);
    writes.late(() => io.local.to(members.map(userRoom)).emit('message', { message }), userRoom(message.senderId));
  };

/** A message that was edited, deleted or reacted to. */
export const pushMessageUpdated = (io: GatewayServer) => (event: BrokerEventOf<'message.updated'>) => {
  const { members, message } = event.payload;
  io.local.to(members.map(userRoom)).emit('message:updated', { message });
};
