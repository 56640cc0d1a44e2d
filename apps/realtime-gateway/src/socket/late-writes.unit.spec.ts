import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { eventually } from '@parley/testing';
import { Server } from 'socket.io';
import { io as connect } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLateWrites, type LateWrites } from './late-writes.ts';
import type { GatewayServer } from './socket-types.ts';

/** A server with one client, and how often something was written to that client. */
async function setUp() {
  const http = createServer();
  let writes = 0;
  http.on('connection', (socket: Socket) => {
    const raw = socket as unknown as Record<'_write' | '_writev', (...args: unknown[]) => void>;
    for (const name of ['_write', '_writev'] as const) {
      const write = raw[name].bind(socket);
      raw[name] = (...args) => {
        writes += 1;
        write(...args);
      };
    }
  });
  const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });
  const late = createLateWrites(io as unknown as GatewayServer);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const client = connect(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, { transports: ['websocket'] });
  const got: unknown[] = [];
  client.onAny((_name, value) => got.push(value));
  await new Promise((resolve) => client.once('connect', () => resolve(undefined)));
  const before = writes;
  return { io, late, client, got, written: () => writes - before };
}

describe('late writes', () => {
  let world: Awaited<ReturnType<typeof setUp>>;
  let late: LateWrites['late'];
  beforeEach(async () => {
    world = await setUp();
    late = world.late.late;
  });
  afterEach(async () => {
    world.client.close();
    await world.io.close();
  });

  it('go with the next packet, in order, in one write', async () => {
    late(() => world.io.local.emit('x', 1));
    late(() => world.io.local.emit('x', 2));
    expect(world.written()).toBe(0);
    world.io.local.emit('x', 3);
    await eventually(() => expect(world.got).toEqual([1, 2, 3]));
    expect(world.written()).toBe(1);
  });

  it('go by themselves when nothing follows', async () => {
    late(() => world.io.local.emit('x', 1));
    late(() => world.io.local.emit('x', 2));
    await eventually(() => expect(world.got).toEqual([1, 2]));
    expect(world.written()).toBe(1);
  });

  it('wait only for the room that can wait', async () => {
    world.io.socketsJoin('patient');
    late(() => world.io.local.emit('x', 1), 'impatient');
    expect(world.written()).toBe(1);
    late(() => world.io.local.emit('x', 2), 'patient');
    expect(world.written()).toBe(1);
    await eventually(() => expect(world.got).toEqual([1, 2]));
    expect(world.written()).toBe(2);
  });

  it('hold up nothing else, also when emitting them fails', async () => {
    expect(() =>
      late(() => {
        throw new Error('no such room');
      }),
    ).toThrow('no such room');
    world.io.local.emit('x', 1);
    expect(world.written()).toBe(1);
    await eventually(() => expect(world.got).toEqual([1]));
  });
});
