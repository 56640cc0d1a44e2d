import { userRoom } from '@parley/contracts';
import type { BrokerEventOf } from '@parley/contracts';
import type { GatewayServer } from '../../socket/socket-types.ts';

/** How far a member has got goes to both, the sender's ticks and the reader's other devices, or to whom it isn't hidden from. */
export const pushReceipt = (io: GatewayServer) => (event: BrokerEventOf<'receipt.updated'>) => {
  const { members, audience = members, chatId, userId, kind, seq, hash } = event.payload;
  const receipt = { chatId, userId, seq, hash, at: event.at };
  io.local.to(audience.map(userRoom)).emit(kind === 'seen' ? 'message:seen' : 'message:delivered', receipt);
};
