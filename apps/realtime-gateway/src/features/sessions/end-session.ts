import type { BrokerEventOf } from '@parley/contracts';
import type { GatewayServer } from '../../socket/socket-types.ts';
import { sessionRoom } from '../../socket/socket-types.ts';

/** Tells the sockets of a session here that it was revoked, and disconnects them. */
export function endSession(io: GatewayServer, sessionId: string): void {
  const room = io.local.in(sessionRoom(sessionId));
  room.emit('session:revoked', {});
  // Closing an engine waits for what is queued, so the reason arrives before the end.
  room.disconnectSockets(true);
}

export const onSessionRevoked = (io: GatewayServer) => (event: BrokerEventOf<'session.revoked'>) =>
  endSession(io, event.payload.sessionId);
