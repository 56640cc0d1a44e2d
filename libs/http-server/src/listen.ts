import { createServer, type RequestListener, type Server } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export type Listening = {
  server: Server;
  /** The port in use; it is chosen by the system where 0 was asked for. */
  port: number;
  /** Stops accepting, lets requests end that run or are on their way, and then closes their kept-alive connections. */
  close(): Promise<void>;
};

/** Longer than any proxy in front keeps an idle connection, so that it never sends into one that is being closed. */
const KEEP_ALIVE_MS = 75_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CLOSE_IDLE_EVERY_MS = 50;
/** What was put on a connection just before its end was known is here by then. */
const ON_ITS_WAY_MS = 250;

/**
 * @param o.requestTimeoutMs within which a request must have come whole (default 30,000)
 * @throws the system's error (EADDRINUSE, EACCES) when the address can't be had
 */
export async function listen(
  app: RequestListener,
  o: { port: number; host: string; requestTimeoutMs?: number },
): Promise<Listening> {
  const requestTimeout = o.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout }, app);
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(o.port, o.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return { server, port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function close(server: Server): Promise<void> {
  // Whoever comes over a connection that is still open learns that it was the last time.
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false;
  });
  // http's own close would end idle connections at once, also one on which a request is coming.
  const closed = new Promise<void>((resolve, reject) => {
    NetServer.prototype.close.call(server, (error) => (error ? reject(error) : resolve()));
  });
  const isClosed = await Promise.race([closed.then(() => true), sleep(ON_ITS_WAY_MS, false)]);
  if (isClosed) return;
  // A connection turns idle when its running request ends; Node closes only those that are idle at the call.
  const sweep = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  await closed.finally(() => clearInterval(sweep));
}
