import type { Logger } from '@parley/service-kit';
import type { GatewayServer } from '../../socket/socket-types.ts';

/** Packets that may wait for one client. A healthy one has none waiting. */
const WAITING_MAX = 500;

/**
 * Cuts sockets whose client stopped reading: their buffers would grow without end. Closing the engine with `discard` frees the
 * buffer at once (`disconnect(true)` would wait for it to drain); the client comes back and catches up.
 */
export function cutStalled(io: GatewayServer, logger: Logger): number {
  const stalled = [...io.of('/').sockets.values()].filter(({ conn }) => waiting(conn) > WAITING_MAX);
  for (const socket of stalled) {
    logger.warn({ userId: socket.data.caller.userId, waiting: waiting(socket.conn) }, 'stalled socket cut');
    socket.conn.close(true);
  }
  return stalled.length;
}

/** Engine.IO's queue of packets; its type hides it, its documentation names it as what `drain` empties. */
function waiting(conn: object): number {
  return 'writeBuffer' in conn && Array.isArray(conn.writeBuffer) ? conn.writeBuffer.length : 0;
}
