import { userRoom } from '@parley/contracts';
import type { ErrorCode } from '@parley/contracts';
import type { Logger } from '@parley/service-kit';
import type { ExtendedError } from 'socket.io';
import type { Caller, VerifyToken } from '../ports.ts';
import type { GatewayServer, GatewaySocket } from './socket-types.ts';

/** Devices and tabs of one person on one gateway. */
const SOCKETS_PER_USER_MAX = 100;

/** One is what a client sends; a flood of them would cost a signature check each. */
const ATTEMPTS_PER_CONNECTION_MAX = 3;

/** CORS does not cover WebSocket, so a page of a foreign origin is refused here. Native clients send no Origin. */
export function isOriginAllowed(origin: string | undefined, publicOrigins: readonly string[]): boolean {
  return origin === undefined || publicOrigins.includes(origin);
}

/** Lets a socket in by `auth: {token}`; otherwise `connect_error` with `data: {code}`. */
export function checkHandshake(o: {
  io: GatewayServer;
  verifyToken: VerifyToken;
  logger: Logger;
}): (socket: GatewaySocket, next: (error?: ExtendedError) => void) => void {
  const admit = async (socket: GatewaySocket): Promise<ExtendedError | undefined> => {
    const caller = await identify(socket, o.verifyToken);
    if (!caller) return refusal('unauthorized', 'a valid access token is required');
    const here = o.io.of('/').adapter.rooms.get(userRoom(caller.userId))?.size ?? 0;
    if (here >= SOCKETS_PER_USER_MAX) return refusal('rate_limited', 'too many connections');
    socket.data.caller = caller;
    return undefined;
  };
  const attempts = new WeakMap<GatewaySocket['conn'], number>();

  return (socket, next) => {
    const attempt = (attempts.get(socket.conn) ?? 0) + 1;
    attempts.set(socket.conn, attempt);
    if (attempt > ATTEMPTS_PER_CONNECTION_MAX) {
      socket.conn.close(true);
      return next(refusal('rate_limited', 'too many attempts'));
    }
    admit(socket).then(next, (error: unknown) => {
      o.logger.warn({ err: error }, 'a handshake could not be checked');
      next(refusal('unavailable', 'sign-in cannot be checked now, try again'));
    });
  };
}

async function identify(socket: GatewaySocket, verifyToken: VerifyToken): Promise<Caller | null> {
  const token: unknown = socket.handshake.auth['token'];
  // Whoever has the token's claims needs it no more; it would stay with the socket.
  socket.handshake.auth = {};
  return typeof token === 'string' ? verifyToken(token) : null;
}

function refusal(code: ErrorCode, detail: string): ExtendedError {
  return Object.assign(new Error(detail), { data: { code, detail } });
}
