import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Listening = {
  server: Server;
  /** The port in use; it is chosen by the system where 0 was asked for. */
  port: number;
  /** Stops accepting, lets running requests end, and then closes their kept-alive connections. */
  close(): Promise<void>;
};

/** Longer than any proxy in front keeps an idle connection, so that it never sends into one that is being closed. */
const KEEP_ALIVE_MS = 75_000;
const REQUEST_TIMEOUT_MS = 30_000;
const CLOSE_IDLE_EVERY_MS = 50;

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

function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    // A connection turns idle when its running request ends; Node closes only those that are idle at the call.
    const sweep = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
    server.close((error) => {
      clearInterval(sweep);
      if (error) reject(error);
      else resolve();
    });
  });
}
