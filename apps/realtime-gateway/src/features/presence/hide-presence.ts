import { presenceRoom } from '@parley/contracts';
import type { BrokerEventOf } from '@parley/contracts';
import type { GatewayServer } from '../../socket/socket-types.ts';

/**
 * Somebody changed who may see them: everyone watching them here is told «offline», without a time, and stops watching.
 * Who still may see them subscribes again with the client's next comparison of heads.
 */
export const hidePresence = (io: GatewayServer) => (event: BrokerEventOf<'user.updated'>) => {
  const { userId, privacyChanged } = event.payload;
  if (!privacyChanged) return;
  const room = io.local.in(presenceRoom(userId));
  room.emit('user:offline', { userId, lastSeenAt: null });
  room.socketsLeave(presenceRoom(userId));
};
