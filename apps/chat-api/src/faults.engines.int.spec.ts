import { messageAnswer } from '@parley/contracts';
import { createTcpProxy, eventually, newClientMessageId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { get, post, send } from './chat-instance.fixture.ts';
import { createFaultWorld, expectDense, type FaultWorld } from './fault-world.fixture.ts';

let faults: FaultWorld;
beforeAll(async () => {
  faults = await createFaultWorld();
});
afterAll(() => faults.dispose());

describe('MongoDB and Redis', () => {
  it('FAULT 19: answers 503 quickly while MongoDB is cut, and works again by itself', async () => {
    const target = new URL(faults.world.engines.mongoUri);
    const proxy = await createTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
    target.port = String(proxy.port);
    const cutOff = await faults.world.start({ env: { MONGO_URI: target.href } });
    const { ada, bob, chatId } = await faults.chatOfTwo();
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
    const messages = await faults.history(ada, chatId);
    expectDense(messages);
    expect(messages.at(-1)).toEqual(message);
    await cutOff.stop();
    await proxy.close();
  });

  it('FAULT 11: works without Redis: sessions are believed for the life of their tokens', async () => {
    const without = await faults.world.start({ env: { REDIS_URL: 'redis://127.0.0.1:1' }, awaitReady: false });
    const { ada, chatId } = await faults.chatOfTwo();
    await eventually(async () => expect((await send(without, ada, chatId, 'hi')).status).toBe(201));
    expect((await get(without, '/api/v1/chat/all', ada)).status).toBe(200);
    await without.stop();
  });
});
