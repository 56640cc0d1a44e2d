import { userRoom } from '@parley/contracts';
import { PRESENCE_REFRESH_MS } from '@parley/domain';
import type { Clock, Logger, Metrics } from '@parley/service-kit';
import type { PresenceTracker } from '../features/presence/track-presence.ts';
import { joinRooms, sessionRoom } from './socket-types.ts';
import type { GatewaySocket } from './socket-types.ts';

const AWAY_RETRY_MS = 2_000;

/** Brings a socket that was let in into its rooms, keeps its presence, and tells the client that it is ready. */
export function createWelcome(o: {
  presence: PresenceTracker;
  answerEvents: (socket: GatewaySocket) => void;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}): (socket: GatewaySocket) => void {
  const connected = o.metrics.gauge('parley_sockets', 'Sockets that are connected');
  const closed = o.metrics.counter('parley_sockets_closed_total', 'Sockets by why they were closed', ['reason']);

  const welcome = async (socket: GatewaySocket): Promise<void> => {
    const { userId, sessionId } = socket.data.caller;
    await joinRooms(socket, [userRoom(userId), sessionRoom(sessionId)]);
    await keepPresent(socket, o.presence);
    socket.emit('ready', { userId, serverTime: o.clock().toISOString() });
  };

  return (socket) => {
    connected.inc();
    // First of all, so that nothing a fast client sends goes unanswered.
    o.answerEvents(socket);
    socket.on('error', (error) => o.logger.debug({ err: error }, 'socket error'));

    const welcomed = welcome(socket).catch((err: unknown) => {
      o.logger.error({ err }, 'socket not welcomed');
      socket.disconnect(true);
    });
    socket.on('disconnect', (reason) => {
      connected.dec();
      closed.inc({ reason });
      // After the first touch, or that one would leave a ghost behind.
      void welcomed.then(() => o.presence.remove(socket.data.caller.userId, socket.id));
    });
  };
}

/** Touches the socket's presence now, and again for as long as it is connected: sooner while the store is away. */
async function keepPresent(socket: GatewaySocket, presence: PresenceTracker): Promise<void> {
  if (!socket.connected) return;
  const isTouched = await presence.touch(socket.data.caller.userId, socket.id);
  // Spread, so that a store that comes back isn't met by everybody at once.
  const nextMs = isTouched ? PRESENCE_REFRESH_MS : AWAY_RETRY_MS * (0.5 + Math.random());
  setTimeout(() => void keepPresent(socket, presence), nextMs).unref();
}
