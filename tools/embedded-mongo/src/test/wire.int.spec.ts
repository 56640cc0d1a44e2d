import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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

function sequence(name: string, docs: readonly object[]): Buffer {
  const content = Buffer.concat([Buffer.from(name + '\0'), ...docs.map((doc) => serialize(doc))]);
  const head = Buffer.alloc(5, 1);
  head.writeInt32LE(4 + content.length, 1);
  return Buffer.concat([head, content]);
}

function withLength(bytes: Buffer, length: number): Buffer {
  const out = Buffer.from(bytes);
  out.writeInt32LE(length, 0);
  return out;
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

  const statement = { q: { _id: 1, a: { $gt: 2, $in: [1, 2] } }, u: { $set: { 'b.c': 'text', d: [1, { e: 2 }] } } };
  const commands = [
    whole,
    message(0, [
      section({ find: 'f', filter: { a: { $gte: 1, $regex: '^x' } }, sort: { a: -1 }, limit: 3, $db: 'fuzz' }),
    ]),
    message(0, [section({ insert: 'f', documents: [{ _id: 1, a: 'text', b: { c: [1, 2.5, null] } }], $db: 'fuzz' })]),
    message(0, [section({ insert: 'f', $db: 'fuzz' }), sequence('documents', [{ a: new Date(0) }, { a: [{}] }])]),
    message(0, [
      section({ update: 'f', $db: 'fuzz' }),
      sequence('updates', [statement, { ...statement, multi: true }]),
    ]),
    message(0, [
      section({ aggregate: 'f', pipeline: [{ $match: { a: 1 } }, { $group: { _id: '$a' } }], cursor: {}, $db: 'fuzz' }),
    ]),
    message(0, [section({ createIndexes: 'f', indexes: [{ key: { a: 1 }, name: 'a_1' }], $db: 'fuzz' })]),
  ];

  /** A frame with its length as it should be, its content not. */
  function damage(bytes: Buffer): Buffer {
    const out = Buffer.from(bytes);
    const flips = 1 + Math.floor(Math.random() * 4);
    for (let n = 0; n < flips; n++) {
      const at = 16 + Math.floor(Math.random() * (out.length - 16));
      out[at] = Math.random() < 0.5 ? out[at]! ^ (1 << Math.floor(Math.random() * 8)) : Math.floor(Math.random() * 256);
    }
    return out;
  }

  const attacks: [string, (bytes: Buffer) => Buffer][] = [
    ['with flipped bits', damage],
    ['cut off', (bytes) => bytes.subarray(0, Math.floor(Math.random() * bytes.length))],
    ['with a length of their own', (bytes) => withLength(bytes, Math.floor(Math.random() * 2 * bytes.length))],
    ['of random bytes', (bytes) => withLength(randomBytes(bytes.length), bytes.length)],
    [
      'of random bytes behind a true header',
      (bytes) => Buffer.concat([bytes.subarray(0, 21), randomBytes(bytes.length - 21)]),
    ],
    ['that follow a whole one', (bytes) => Buffer.concat([bytes, damage(bytes)])],
  ];

  it.each(attacks)('lives through frames %s', async (_, attack) => {
    for (let i = 0; i < 150; i++) {
      const socket = await open();
      socket.on('error', () => socket.destroy());
      socket.resume();
      const closed = new Promise((resolve) => socket.once('close', resolve));
      socket.end(attack(commands[i % commands.length]!));
      await closed;
    }
    expect(await engine.db.command({ ping: 1 })).toEqual({ ok: 1 });
  });

  it('answers damaged BSON in a document sequence with an error', async () => {
    const damaged = sequence('documents', [{ _id: 1, text: 'some text' }]);
    damaged.writeInt32LE(10_000, damaged.indexOf('some text') - 4);
    const reply = await exchange(message(0, [section({ insert: 'f', $db: 'fuzz' }), damaged]));
    expect(reply?.doc).toMatchObject({ n: 0, ok: 1, writeErrors: [{ index: 0, code: 22 }] });
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

describe('large messages', () => {
  it('of 10,000 documents are inserted, updated and deleted by one call each', async () => {
    const items = engine.db.collection<{ _id: number; n: number; text: string }>('many');
    const docs = Array.from({ length: 10_000 }, (_, _id) => ({ _id, n: 0, text: 'x'.repeat(100) }));
    expect((await items.insertMany(docs)).insertedCount).toBe(10_000);
    const updated = await items.bulkWrite(
      docs.map(({ _id }) => ({ updateOne: { filter: { _id }, update: { $set: { n: _id } } } })),
      { ordered: false },
    );
    expect(updated).toMatchObject({ matchedCount: 10_000, modifiedCount: 9_999 });
    expect(await items.countDocuments({ n: { $gte: 5_000 } })).toBe(5_000);
    const all = await items.find({ _id: { $in: docs.map(({ _id }) => _id) } }).toArray();
    expect(all.map(({ n }) => n)).toEqual(docs.map(({ _id }) => _id));
    expect((await items.deleteMany({ n: { $lt: 10_000 } })).deletedCount).toBe(10_000);
  });

  it('of 48 MB pass in both directions', async () => {
    const items = engine.db.collection<{ _id: number; text: string }>('large');
    const text = 'y'.repeat(15_000_000);
    expect((await items.insertMany([1, 2, 3, 4, 5, 6].map((_id) => ({ _id, text })))).insertedCount).toBe(6);
    expect((await items.find().toArray()).map((d) => d.text.length)).toEqual(Array(6).fill(text.length));
  });
});

describe('in operation', () => {
  it('listens on loopback only', async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address } of addresses.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      const socket = connect(engine.port, address);
      await expect(
        new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject)),
      ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it('keeps its memory over 100,000 operations', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const items = engine.db.collection<{ _id: number; n: number; tags: string[] }>('soak');
    await items.createIndex({ n: 1 });
    const round = async (operations: number): Promise<number> => {
      for (let done = 0; done < operations; done += 1_000) {
        const ids = Array.from({ length: 250 }, (_, i) => i);
        await items.insertMany(ids.map((_id) => ({ _id, n: _id, tags: ['a', `${done}`] })));
        await items.bulkWrite(ids.map((_id) => ({ updateOne: { filter: { _id }, update: { $inc: { n: 1 } } } })));
        for (const _id of ids.slice(0, 50)) await items.findOne({ _id });
        await items.find({ n: { $in: ids } }).toArray();
        await items.deleteMany({ _id: { $in: ids } });
      }
      collect();
      await new Promise((resolve) => setTimeout(resolve, 50));
      collect();
      return process.memoryUsage().heapUsed / 1024 / 1024;
    };
    await round(20_000);
    const before = await round(1_000);
    const after = await round(80_000);
    // One kept object of 100 bytes an operation would be 8 MB.
    expect(after - before).toBeLessThan(4);
  }, 120_000);
});
