import type { Server as HttpServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayServer } from '../../socket/socket-types.ts';

/** A client comes back after a random part of this, so that a gateway's people don't all arrive at the others at once. */
const RETRY_SPREAD_MS = 10_000;
const STEPS = 20;
/** Requests that still run after the sockets are closed get this long. */
const LAST_REQUESTS_MS = 2_000;

/**
 * Makes the end of a gateway: it stops listening, tells each socket when to come back, closes the sockets in equal shares
 * over `overMs` (at once where there are none) and lets running requests end.
 */
export function createDrain(o: { http: HttpServer; io: GatewayServer; overMs: number }): () => Promise<void> {
  return async () => {
    const ended = new Promise<void>((resolve) => o.http.close(() => resolve()));
    const sockets = [...o.io.of('/').sockets.values()];
    for (const socket of sockets) {
      socket.emit('drain', { retryInMs: Math.round(Math.random() * RETRY_SPREAD_MS) });
    }
    const share = Math.ceil(sockets.length / STEPS);
    for (let at = 0; at < sockets.length; at += share) {
      await sleep(o.overMs / STEPS);
      // The engine's end, not a «disconnect»: clients come back from it by themselves.
      for (const socket of sockets.slice(at, at + share)) socket.conn.close();
    }
    await o.io.close();
    o.http.closeIdleConnections();
    await Promise.race([ended, sleep(LAST_REQUESTS_MS, undefined, { ref: false })]);
    o.http.closeAllConnections();
  };
}
