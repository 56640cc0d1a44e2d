import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server } from 'node:net';

/** A port that nobody else gets until `release`, which is called just before its program starts. */
export type PortReservation = { port: number; wanted: number | undefined; release(): Promise<void> };

/** Below the range from which systems take the ports of outgoing connections, so that a chosen port stays free. */
const FREE_RANGE = { from: 21_000, to: 31_000 };

/**
 * Reserves `wanted` on loopback where it is free, else some free port.
 * @param wanted preferred port; undefined for any
 */
export async function reservePort(wanted?: number): Promise<PortReservation> {
  const first = wanted === undefined ? undefined : await tryReserve(wanted, wanted);
  if (first) return first;
  for (let tries = 0; tries < 200; tries += 1) {
    const reservation = await tryReserve(randomInt(FREE_RANGE.from, FREE_RANGE.to), wanted);
    if (reservation) return reservation;
  }
  throw new Error(`no free port between ${FREE_RANGE.from} and ${FREE_RANGE.to} was found`);
}

/** Both loopback addresses count: a browser asks `::1` first when it is told `localhost`. */
async function tryReserve(port: number, wanted: number | undefined): Promise<PortReservation | undefined> {
  const four = await listen(port, '127.0.0.1');
  if (four === 'busy' || four === 'no such address') return undefined;
  const six = await listen(port, '::1');
  if (six === 'busy') {
    await close(four);
    return undefined;
  }
  return {
    port,
    wanted,
    release: async () => {
      await Promise.all([close(four), six === 'no such address' ? undefined : close(six)]);
    },
  };
}

function listen(port: number, host: string): Promise<Server | 'busy' | 'no such address'> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? 'busy' : 'no such address');
    });
    server.listen({ port, host, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => (server.listening ? server.close(() => resolve()) : resolve()));
}
