import { messageAnswer, messagesAnswer, type Message } from '@parley/contracts';
import { GENESIS_HASH, type ChatId } from '@parley/domain';
import { createTcpProxy, eventually, newClientMessageId } from '@parley/testing';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createBrokerPeers,
  createChatWorld,
  get,
  isReady,
  openChat,
  post,
  send,
  type ChatWorld,
  type Instance,
  type Person,
} from './chat-instance.fixture.ts';
import { spawnChatApi } from './chat-process.fixture.ts';

let world: ChatWorld;
let api: Instance;
let other: Instance;
let peers: Awaited<ReturnType<typeof createBrokerPeers>>;
let mongo: MongoClient;
beforeAll(async () => {
  world = await createChatWorld();
  [api, other] = [await world.start(), await world.start()];
  peers = await createBrokerPeers(world.engines.rabbitUrl);
  mongo = new MongoClient(world.engines.mongoUri);
});
afterAll(async () => {
  await peers.close();
  await mongo.close();
  await world.dispose();
});

const chatOfTwo = async () => {
  const [ada, bob] = [await world.person(), await world.person()];
  return { ada, bob, chatId: await openChat(api, ada, bob) };
};
const history = async (as: Person, chatId: ChatId): Promise<Message[]> => {
  const { body } = await get(api, `/api/v1/chat/message/${chatId}?limit=200`, as);
  return messagesAnswer.parse(body).messages;
};
const expectDense = (messages: Message[]) => {
  expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1));
  expect(messages.map(({ rev }) => rev)).toEqual(messages.map((_, index) => index + 1));
  expect(messages.map(({ prevHash }) => prevHash)).toEqual(
    [GENESIS_HASH, ...messages.map(({ hash }) => hash)].slice(0, -1),
  );
};
const toldIds = () => new Set(peers.events.filter(({ type }) => type === 'message.created').map(({ id }) => id));
const expectTold = (messages: Message[], timeoutMs = 10_000) =>
  eventually(() => expect(messages.filter(({ id, rev }) => !toldIds().has(`message:${id}:${rev}`))).toEqual([]), {
    timeoutMs,
  });
const outbox = () =>
  mongo
    .db(world.engines.database)
    .collection('messages')
    .countDocuments({ outbox: { $exists: true } });

describe('races', () => {
  it('stores twenty parallel sends with one clientMessageId once, and answers all alike', async () => {
    const { ada, chatId } = await chatOfTwo();
    const body = { chatId, clientMessageId: newClientMessageId(), text: 'once' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => post(n % 2 ? api : other, '/api/v1/chat/message', body, ada)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(19).fill(200), 201]);
    const messages = await history(ada, chatId);
    expect(messages).toHaveLength(1);
    for (const answer of answers) expect(answer.body).toEqual({ message: messages[0] });
  });

  it('gives parallel sends of both members on two instances one dense order', async () => {
    const { ada, bob, chatId } = await chatOfTwo();
    const answers = await Promise.all(
      Array.from({ length: 120 }, (_, n) => send(n % 2 ? api : other, n % 3 ? ada : bob, chatId, `message ${n}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
    const messages = await history(bob, chatId);
    expect(messages).toHaveLength(120);
    expectDense(messages);
    const bySeq = new Map(messages.map((message) => [message.seq, message]));
    for (const { body } of answers) {
      const { message } = messageAnswer.parse(body);
      expect(bySeq.get(message.seq)).toEqual(message);
    }
    await expectTold(messages);
    await eventually(async () => expect(await outbox()).toBe(0));
  });

  it('keeps the order of sending whatever the clocks say', async () => {
    const hourBack = await world.start({ clock: () => new Date(Date.now() - 3_600_000) });
    const { ada, chatId } = await chatOfTwo();
    const texts = Array.from({ length: 10 }, (_, n) => `message ${n}`);
    for (const [n, text] of texts.entries())
      expect((await send(n % 2 ? hourBack : api, ada, chatId, text)).status).toBe(201);
    const messages = await history(ada, chatId);
    expectDense(messages);
    expect(messages.map(({ text }) => text)).toEqual(texts);
    await expectTold(messages);
    await hourBack.stop();
  });
});

describe('RabbitMQ', () => {
  it('may be cut under load: sends succeed, none is missing, and the backlog is told after its return', async () => {
    const target = new URL(world.engines.rabbitUrl);
    const proxy = await createTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
    target.port = String(proxy.port);
    // Far away from the other two: their sweepers must not do its work.
    const cutOff = await world.start({ env: { RABBITMQ_URL: target.href } });
    const { ada, chatId } = await chatOfTwo();
    const sending: Promise<{ status: number }>[] = [];
    for (let n = 0; n < 60; n += 1) {
      if (n === 20) proxy.cut();
      sending.push(send(cutOff, ada, chatId, `message ${n}`));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const { status } of await Promise.all(sending)) expect(status).toBe(201);
    const ready = await fetch(`${cutOff.url}/health/ready`);
    expect(ready.status).toBe(503);
    // The chat list does not wait for the broker.
    await eventually(async () =>
      expect((await get(cutOff, '/api/v1/chat/all', ada)).body).toMatchObject({ chats: [{ lastSeq: 60 }] }),
    );
    proxy.restore();
    const messages = await history(ada, chatId);
    expectDense(messages);
    expect(messages).toHaveLength(60);
    await expectTold(messages);
    await isReady(cutOff);
    await cutOff.stop();
    await proxy.close();
  });

  it('may be absent at boot: not ready, sends succeed, and another instance tells of them within 5 s', async () => {
    const alone = await world.start({ env: { RABBITMQ_URL: 'amqp://127.0.0.1:1' }, awaitReady: false });
    await eventually(async () => {
      const answer = await fetch(`${alone.url}/health/ready`);
      expect(await answer.json()).toMatchObject({ checks: { mongodb: true, indexes: true, rabbitmq: false } });
    });
    const { ada, chatId } = await chatOfTwo();
    for (const text of ['one', 'two']) expect((await send(alone, ada, chatId, text)).status).toBe(201);
    await expectTold(await history(ada, chatId), 5_000);
    await alone.stop();
  });

  it('keeps the outbox entry of what no queue takes, and tells it once one does', async () => {
    const alone = await createChatWorld();
    const instance = await alone.start();
    const { connect } = await import('amqplib');
    const connection = await connect(alone.engines.rabbitUrl);
    const channel = await connection.createChannel();
    const [ada, bob] = [await alone.person(), await alone.person()];
    const chatId = await openChat(instance, ada, bob);
    await channel.unbindQueue('analytics.daily', 'chat.events', '#');
    expect((await send(instance, ada, chatId, 'to nobody')).status).toBe(201);
    const unrouted = async () =>
      /outcome="unroutable".*} ([1-9]\d*)/.test(await (await fetch(`${instance.url}/metrics`)).text());
    await eventually(async () => expect(await unrouted()).toBe(true));
    const kept = mongo.db(alone.engines.database).collection('messages');
    expect(await kept.countDocuments({ 'outbox.at': { $gt: new Date(0) } })).toBe(1);
    await channel.bindQueue('analytics.daily', 'chat.events', '#');
    await eventually(async () => expect(await kept.countDocuments({ 'outbox.at': { $gt: new Date(0) } })).toBe(0));
    await connection.close();
    await alone.dispose();
  });
});

describe('the process', () => {
  it('may be killed after the insert and before publishing: told by another within 5 s, and healed in the list', async () => {
    const { ada, chatId } = await chatOfTwo();
    const doomed = await spawnChatApi(world.env({ RABBITMQ_URL: 'amqp://127.0.0.1:1' }), { awaitReady: false });
    const sent = await eventually(
      async () => {
        const answer = await send(doomed, ada, chatId, 'last words');
        expect(answer.status).toBe(201);
        return messageAnswer.parse(answer.body).message;
      },
      { timeoutMs: 20_000 },
    );
    await doomed.kill();
    await expectTold([sent], 5_000);
    await eventually(async () =>
      expect((await get(api, '/api/v1/chat/all', ada)).body).toMatchObject({
        chats: [{ id: chatId, lastMessage: { id: sent.id } }],
      }),
    );
  });

  it('may be killed at any moment of a send: the retry gets the same message, and none is there twice', async () => {
    const { ada, chatId } = await chatOfTwo();
    const bodies = Array.from({ length: 100 }, (_, n) => ({
      chatId,
      clientMessageId: newClientMessageId(),
      text: `message ${n}`,
    }));
    const doomed = await spawnChatApi(world.env());
    const acknowledged: Message[] = [];
    const sending = bodies.map(async (body) => {
      try {
        const { status, body: answer } = await post(doomed, '/api/v1/chat/message', body, ada);
        if (status === 201) acknowledged.push(messageAnswer.parse(answer).message);
        if (acknowledged.length === 30) await doomed.kill();
      } catch (error) {
        // The connection broke with the process: the outcome of this one is unknown to its client.
        expect(error).toBeInstanceOf(TypeError);
      }
    });
    await Promise.all(sending);
    expect(acknowledged.length).toBeGreaterThanOrEqual(30);

    const retried = await Promise.all(bodies.map((body) => post(api, '/api/v1/chat/message', body, ada)));
    for (const { status } of retried) expect([200, 201]).toContain(status);
    const messages = await history(ada, chatId);
    expectDense(messages);
    expect(messages.map(({ clientMessageId }) => clientMessageId).sort()).toEqual(
      bodies.map(({ clientMessageId }) => clientMessageId).sort(),
    );
    for (const message of acknowledged) expect(messages).toContainEqual(message);
    await expectTold(messages);
  });

  it('ends on SIGTERM with what it has begun: no 5xx, nothing acknowledged is missing, exit code 0', async () => {
    const { ada, chatId } = await chatOfTwo();
    const leaving = await spawnChatApi(world.env());
    const acknowledged: Message[] = [];
    const statuses = new Set<number>();
    let ended: Promise<number | null> | undefined;
    const sender = async () => {
      for (let n = 0; n < 40; n += 1) {
        try {
          const { status, body } = await send(leaving, ada, chatId, `message ${n}`);
          statuses.add(status);
          acknowledged.push(messageAnswer.parse(body).message);
        } catch {
          // It takes no more connections: a proxy in front would ask another instance.
          break;
        }
        if (acknowledged.length === 20) ended = leaving.terminate();
      }
    };
    await Promise.all(Array.from({ length: 5 }, sender));
    expect(await ended).toBe(0);
    expect([...statuses]).toEqual([201]);
    const messages = await history(ada, chatId);
    expectDense(messages);
    for (const message of acknowledged) expect(messages).toContainEqual(message);
    await expectTold(messages);
  });
});

describe('MongoDB and Redis', () => {
  it('answers 503 quickly while MongoDB is cut, and works again by itself', async () => {
    const target = new URL(world.engines.mongoUri);
    const proxy = await createTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
    target.port = String(proxy.port);
    const cutOff = await world.start({ env: { MONGO_URI: target.href } });
    const { ada, bob, chatId } = await chatOfTwo();
    const body = { chatId, clientMessageId: newClientMessageId(), text: 'hold on' };
    expect((await send(cutOff, ada, chatId, 'before')).status).toBe(201);
    proxy.cut();
    const cutAt = performance.now();
    const answers = await Promise.all([
      post(cutOff, '/api/v1/chat/message', body, ada),
      get(cutOff, '/api/v1/chat/all', ada),
      get(cutOff, `/api/v1/chat/message/${chatId}`, ada),
      post(cutOff, '/api/v1/chat/seen', { chatId, seq: 1 }, bob),
      post(cutOff, '/api/v1/chat/new', { userId: bob.id }, ada),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(performance.now() - cutAt).toBeLessThan(5_000);
    proxy.restore();
    const message = await eventually(async () => {
      const answer = await post(cutOff, '/api/v1/chat/message', body, ada);
      expect([200, 201]).toContain(answer.status);
      return messageAnswer.parse(answer.body).message;
    });
    const messages = await history(ada, chatId);
    expectDense(messages);
    expect(messages.at(-1)).toEqual(message);
    await cutOff.stop();
    await proxy.close();
  });

  it('works without Redis: sessions are believed for the life of their tokens', async () => {
    const without = await world.start({ env: { REDIS_URL: 'redis://127.0.0.1:1' }, awaitReady: false });
    const { ada, chatId } = await chatOfTwo();
    await eventually(async () => expect((await send(without, ada, chatId, 'hi')).status).toBe(201));
    expect((await get(without, '/api/v1/chat/all', ada)).status).toBe(200);
    await without.stop();
  });
});
