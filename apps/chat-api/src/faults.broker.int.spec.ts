import { createTcpProxy, eventually } from '@parley/testing';
import { connect } from 'amqplib';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChatWorld, get, isReady, openChat, send } from './chat-instance.fixture.ts';
import { createFaultWorld, expectDense, type FaultWorld } from './fault-world.fixture.ts';

let faults: FaultWorld;
beforeAll(async () => {
  faults = await createFaultWorld();
});
afterAll(() => faults.dispose());

describe('RabbitMQ', () => {
  it('FAULT 7: cut under load: sends succeed, none is missing, and the backlog is told after its return', async () => {
    const target = new URL(faults.world.engines.rabbitUrl);
    const proxy = await createTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
    target.port = String(proxy.port);
    // Far away from the other two: their sweepers must not do its work.
    const cutOff = await faults.world.start({ env: { RABBITMQ_URL: target.href } });
    const { ada, chatId } = await faults.chatOfTwo();
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
    const messages = await faults.history(ada, chatId);
    expectDense(messages);
    expect(messages).toHaveLength(60);
    await faults.expectTold(messages);
    await isReady(cutOff);
    await cutOff.stop();
    await proxy.close();
  });

  it('FAULT 8: absent at boot: not ready, sends succeed, and another instance tells of them', async () => {
    const alone = await faults.world.start({ env: { RABBITMQ_URL: 'amqp://127.0.0.1:1' }, awaitReady: false });
    await eventually(async () => {
      const answer = await fetch(`${alone.url}/health/ready`);
      expect(await answer.json()).toMatchObject({ checks: { mongodb: true, indexes: true, rabbitmq: false } });
    });
    const { ada, chatId } = await faults.chatOfTwo();
    for (const text of ['one', 'two']) expect((await send(alone, ada, chatId, text)).status).toBe(201);
    await faults.expectTold(await faults.history(ada, chatId));
    await alone.stop();
  });

  it('FAULT 10: a binding removed: keeps the outbox entry of what no queue takes, and tells it once one does', async () => {
    const alone = await createChatWorld();
    const instance = await alone.start();
    const mongo = new MongoClient(alone.engines.mongoUri);
    const connection = await connect(alone.engines.rabbitUrl);
    const channel = await connection.createChannel();
    const [ada, bob] = [await alone.person(), await alone.person()];
    const chatId = await openChat(instance, ada, bob);
    await channel.unbindQueue('analytics.daily', 'chat.events', 'message.created');
    expect((await send(instance, ada, chatId, 'to nobody')).status).toBe(201);
    const unrouted = async () =>
      /outcome="unroutable".*} ([1-9]\d*)/.test(await (await fetch(`${instance.url}/metrics`)).text());
    await eventually(async () => expect(await unrouted()).toBe(true));
    const kept = mongo.db(alone.engines.database).collection('messages');
    expect(await kept.countDocuments({ 'outbox.at': { $gt: new Date(0) } })).toBe(1);
    await channel.bindQueue('analytics.daily', 'chat.events', 'message.created');
    await eventually(async () => expect(await kept.countDocuments({ 'outbox.at': { $gt: new Date(0) } })).toBe(0));
    await connection.close();
    await mongo.close();
    await alone.dispose();
  });
});
