import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { portNote } from './engines/port-note.ts';
import { reservePort } from './ports.ts';
import { answersTcp } from './probe.ts';

describe('reservePort', () => {
  it('takes the wanted port where it is free, and gives it back', async () => {
    const { port } = await reservePort().then(async (some) => (await some.release(), some));
    const reservation = await reservePort(port);
    expect(reservation.port).toBe(port);
    expect(portNote(reservation)).toBe('');
    await reservation.release();
    expect(await answersTcp({ host: '127.0.0.1', port })).toBe(false);
  });

  it('takes another where somebody listens, and can say so', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const busy = (server.address() as AddressInfo).port;
    const reservation = await reservePort(busy);
    expect(reservation.port).not.toBe(busy);
    expect(portNote(reservation)).toBe(` (${busy} is busy)`);
    await reservation.release();
    server.close();
  });

  it('never gives the same port twice', async () => {
    const reservations = await Promise.all(Array.from({ length: 20 }, () => reservePort()));
    expect(new Set(reservations.map(({ port }) => port)).size).toBe(20);
    await Promise.all(reservations.map((reservation) => reservation.release()));
  });
});
