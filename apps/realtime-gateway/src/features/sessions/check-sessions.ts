import type { SessionId } from '@parley/domain';
import type { Logger } from '@parley/service-kit';
import type { IsSessionLive } from '../../ports.ts';
import type { GatewayServer } from '../../socket/socket-types.ts';
import { endSession } from './end-session.ts';

/**
 * Checks a share of this gateway's sessions against the store, so that a lost `session.revoked` keeps nobody signed in.
 * The share is every `shares`-th session from the `turn`-th on: over all turns each is checked once.
 */
export async function checkSessions(o: {
  io: GatewayServer;
  isSessionLive: IsSessionLive;
  logger: Logger;
  turn: number;
  shares: number;
}): Promise<void> {
  const sessions = new Set<SessionId>();
  for (const socket of o.io.of('/').sockets.values()) sessions.add(socket.data.caller.sessionId);
  const share = [...sessions].filter((id) => turnOf(id, o.shares) === o.turn % o.shares);
  for (const sessionId of share) {
    if (await o.isSessionLive(sessionId)) continue;
    o.logger.info({ sessionId }, 'a revoked session was still connected');
    endSession(o.io, sessionId);
  }
}

/** Stable for a session, and even over random ids. */
function turnOf(id: string, shares: number): number {
  return Number.parseInt(id.slice(0, 8), 16) % shares;
}
