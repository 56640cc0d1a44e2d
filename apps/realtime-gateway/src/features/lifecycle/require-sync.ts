import type { GatewayServer } from '../../socket/socket-types.ts';

/** Asks every client here to sync, spread over `spreadMs`, because pushes may be missing. Gives how many. */
export function requireSync(io: GatewayServer, spreadMs: number): number {
  const sockets = [...io.of('/').sockets.values()];
  for (const socket of sockets) {
    setTimeout(() => socket.emit('sync:required', {}), Math.random() * spreadMs).unref();
  }
  return sockets.length;
}
