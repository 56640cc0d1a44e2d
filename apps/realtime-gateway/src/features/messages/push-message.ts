import { userRoom } from '@parley/contracts';
import type { BrokerEventOf } from '@parley/contracts';
import type { GatewayServer } from '../../socket/socket-types.ts';
import type { Membership } from '../chats/membership.ts';

/** A new message goes to every device of both members on this gateway: the sender's other devices show it too. */
export const pushMessage = (io: GatewayServer, membership: Membership) => (event: BrokerEventOf<'message.created'>) => {
  const { members, message } = event.payload;
  membership.remember(message.chatId, members);
  io.local.to(members.map(userRoom)).emit('message', { message });
};

/** A message that was edited, deleted or reacted to. */
export const pushMessageUpdated = (io: GatewayServer) => (event: BrokerEventOf<'message.updated'>) => {
  const { members, message } = event.payload;
  io.local.to(members.map(userRoom)).emit('message:updated', { message });
};
