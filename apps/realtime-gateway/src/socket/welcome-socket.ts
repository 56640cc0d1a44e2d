import { userRoom } from '@parley/contracts';
import { PRESENCE_REFRESH_MS } from '@parley/domain';
import type { Clock, Logger, Metrics } from '@parley/service-kit';
import type { PresenceTracker } from '../features/presence/track-presence.ts';
import { joinRooms, sessionRoom } from './socket-types.ts';
import type { GatewaySocket } from './socket-types.ts';

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
    await o.presence.touch(userId, socket.id);
    socket.emit('ready', { userId, serverTime: o.clock().toISOString() });
  };

  return (socket) => {
    const { userId } = socket.data.caller;
    connected.inc();
    // First of all, so that nothing a fast client sends goes unanswered.
    o.answerEvents(socket);
    socket.on('error', (error) => o.logger.debug({ err: error }, 'socket error'));

    const welcomed = welcome(socket).catch((err: unknown) => {
      o.logger.error({ err }, 'socket not welcomed');
      socket.disconnect(true);
    });
    const refresh = setInterval(() => void o.presence.touch(userId, socket.id), PRESENCE_REFRESH_MS).unref();

    socket.on('disconnect', (reason) => {
      clearInterval(refresh);
      connected.dec();
      closed.inc({ reason });
      // After the first touch, or that one would leave a ghost behind.
      void welcomed.then(() => o.presence.remove(userId, socket.id));
    });
  };
}
