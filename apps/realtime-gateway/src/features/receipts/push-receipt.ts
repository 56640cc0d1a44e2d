import { userRoom } from '@parley/contracts';
import type { BrokerEventOf } from '@parley/contracts';
import type { GatewayServer } from '../../socket/socket-types.ts';

/** How far a member has got goes to both: the sender's ticks, and the reader's other devices. */
export const pushReceipt = (io: GatewayServer) => (event: BrokerEventOf<'receipt.updated'>) => {
  const { members, chatId, userId, kind, seq, hash } = event.payload;
  const receipt = { chatId, userId, seq, hash, at: event.at };
  io.local.to(members.map(userRoom)).emit(kind === 'seen' ? 'message:seen' : 'message:delivered', receipt);
};
