import { userRoom } from '@parley/contracts';
import type { BrokerEventOf } from '@parley/contracts';
import type { LateWrites } from '../../socket/late-writes.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';

/** How far a member has got goes to both, the sender's ticks and the reader's other devices, or to whom it isn't hidden from. */
export const pushReceipt = (io: GatewayServer, writes: LateWrites) => (event: BrokerEventOf<'receipt.updated'>) => {
  const { members, audience = members, chatId, userId, kind, seq, hash } = event.payload;
  const receipt = { chatId, userId, seq, hash, at: event.at };
  const name = kind === 'seen' ? 'message:seen' : 'message:delivered';
  writes.late(() => io.local.to(audience.map(userRoom)).emit(name, receipt));
};
