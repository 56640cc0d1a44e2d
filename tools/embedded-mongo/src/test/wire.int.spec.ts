import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { serialize } from 'bson';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../bson/decode.ts';
import type { Doc } from '../bson/types.ts';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

let engine: TestEngine;
beforeAll(async () => void (engine = await startTestEngine()));
afterAll(() => engine.stop());

function message(flags: number, sections: readonly Buffer[], opCode = 2013): Buffer {
  const body = Buffer.concat([Buffer.alloc(4), ...sections]);
  body.writeUInt32LE(flags, 0);
  const head = Buffer.alloc(16);
  [16 + body.length, 7, 0, opCode].forEach((n, i) => head.writeInt32LE(n, i * 4));
  return Buffer.concat([head, body]);
}

const section = (doc: object): Buffer => Buffer.concat([Buffer.from([0]), serialize(doc)]);

function open(): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(engine.port, '127.0.0.1', () => resolve(socket));
    socket.once('error', reject);
  });
}

/** Sends bytes; resolves with the first reply, or undefined when the engine closes the connection. */
async function exchange(bytes: Buffer): Promise<{ flags: number; doc: Doc } | undefined> {
  const socket = await open();
  const reply = new Promise<Buffer | undefined>((resolve) => {
    socket.once('data', resolve);
    socket.once('close', () => resolve(undefined));
  });
  socket.write(bytes);
  const answer = await reply;
  socket.destroy();
  return (
    answer && { flags: answer.readUInt32LE(16), doc: decode(answer.subarray(answer.readInt32LE(12) === 1 ? 36 : 21)) }
  );
}

describe('the wire protocol', () => {
  it('answers OP_MSG, with and without a checksum', async () => {
    expect((await exchange(message(0, [section({ ping: 1, $db: 'admin' })])))?.doc).toEqual({ ok: 1 });
    expect((await exchange(message(1, [section({ ping: 1, $db: 'admin' }), Buffer.alloc(4)])))?.doc).toEqual({ ok: 1 });
  });

  it('answers the legacy handshake', async () => {
    const name = Buffer.concat([Buffer.from('admin.$cmd\0'), Buffer.from([0, 0, 0, 0, 255, 255, 255, 255])]);
    const reply = await exchange(message(0, [name, Buffer.from(serialize({ ismaster: 1, helloOk: true }))], 2004));
    expect(reply?.doc).toMatchObject({ ismaster: true, helloOk: true, ok: 1 });
  });

  it('streams hello to monitors that allow it', async () => {
    const first = await exchange(message(0, [section({ hello: 1, $db: 'admin' })]));
    const { topologyVersion } = first!.doc;
    const socket = await open();
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => (received = Buffer.concat([received, chunk])));
    socket.write(message(1 << 16, [section({ hello: 1, topologyVersion, maxAwaitTimeMS: 30, $db: 'admin' })]));
    await new Promise((resolve) => setTimeout(resolve, 400));
    socket.destroy();
    const length = received.readInt32LE(0);
    expect(received.readUInt32LE(16) & 2).toBe(2);
    expect(received.length).toBeGreaterThanOrEqual(2 * length);
    // Each reply of the stream answers the one before it.
    expect(received.readInt32LE(length + 8)).toBe(received.readInt32LE(4));
  });

  it('does not answer what wants no answer, and does it', async () => {
    await engine.db.collection('quiet').insertOne({ a: 1 }, { writeConcern: { w: 0 } });
    await expect.poll(() => engine.db.collection('quiet').countDocuments()).toBe(1);
  });

  it('runs what arrives together in its order, also in pieces', async () => {
    const ping = message(0, [section({ ping: 1, $db: 'admin' })]);
    const socket = await open();
    let received = 0;
    socket.on('data', (chunk) => (received += chunk.length));
    const bytes = Buffer.concat([ping, ping, ping]);
    for (let i = 0; i < bytes.length; i += 17) {
      socket.write(bytes.subarray(i, i + 17));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => received).toBe(3 * (21 + serialize({ ok: 1 }).length));
    socket.destroy();
  });

  const whole = message(0, [section({ ping: 1, $db: 'admin' })]);
  const garbage: [string, Buffer][] = [
    ['a length below a header', Buffer.from([1, 0, 0, 0, ...Array(12).fill(0)])],
    ['a length beyond the limit', Buffer.from([0xff, 0xff, 0xff, 0x7f, ...Array(12).fill(0)])],
    ['a negative length', Buffer.alloc(64, 0xff)],
    ['an unknown opcode', message(0, [section({ ping: 1 })], 1234)],
    ['an unknown required flag', message(8, [section({ ping: 1, $db: 'a' })])],
    ['a section that exceeds its message', message(0, [Buffer.from([0, 255, 0, 0, 0, 1])])],
    ['an unknown section', message(0, [Buffer.from([9, 5, 0, 0, 0, 0])])],
    ['no body', message(0, [])],
    ['two bodies', message(0, [section({ ping: 1, $db: 'a' }), section({ ping: 1, $db: 'a' })])],
    ['damaged BSON', Buffer.from(whole.map((byte, i) => (i > 24 && i < 30 ? 0xee : byte)))],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
  ];

  it.each(garbage)('closes the connection that sends %s, and no other', async (_, bytes) => {
    expect(await exchange(bytes)).toBeUndefined();
    expect(await engine.db.command({ ping: 1 })).toEqual({ ok: 1 });
  });

  it('lives through random frames', async () => {
    for (let i = 0; i < 200; i++) {
      const bytes = Buffer.from(whole);
      for (let n = 0; n < 4; n++) bytes[Math.floor(Math.random() * bytes.length)] = Math.floor(Math.random() * 256);
      const socket = await open();
      socket.on('error', () => socket.destroy());
      socket.end(bytes);
    }
    expect(await engine.db.command({ ping: 1 })).toEqual({ ok: 1 });
  });

  it('serves 1,000 connections', async () => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, open));
    const answered = sockets.map((socket) => new Promise<void>((resolve) => socket.once('data', () => resolve())));
    for (const socket of sockets) socket.write(whole);
    await Promise.all(answered);
    for (const socket of sockets) socket.destroy();
    const client = await new MongoClient(engine.uri).connect();
    await client.close();
  });
});
