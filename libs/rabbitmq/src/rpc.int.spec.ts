import { eventually, newUserId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRpcClient } from './create-rpc-client.ts';
import { RpcError } from './errors.ts';
import { serveRpc } from './serve-rpc.ts';
import { createTestRabbit, type TestRabbit } from './test-rabbit.fixture.ts';
import type { RpcClient, RpcHandlers } from './types.ts';

let test: TestRabbit;
let client: RpcClient<'user.commands'>;
const payload = () => ({ callerId: newUserId(), userIds: [newUserId()] });
const ONLINE = { online: true, lastSeenAt: null };

beforeAll(async () => {
  test = await createTestRabbit();
  client = createRpcClient(test.rabbit, { queue: 'user.commands', timeoutMs: 1_500 });
  // `unavailable` for want of a server, not of a channel: the client is ready.
  await eventually(() => expect(client.call('user.presence', payload())).rejects.toThrow('nobody serves'));
});
afterAll(() => test.dispose());

const serve = async (presence: RpcHandlers<'user.commands'>['user.presence'], rabbit = test.rabbit) => {
  const server = serveRpc(rabbit, {
    queue: 'user.commands',
    handlers: { 'user.presence': presence, 'user.avatarsShown': () => Promise.resolve({ uploadIds: [] }) },
    onError: (error) =>
      error instanceof RpcError
        ? { code: error.code, detail: error.message }
        : { code: 'internal_error', detail: 'something went wrong' },
  });
  await server.ready();
  return server;
};

describe('RPC', () => {
  it('answers many calls at once, each with its own result', async () => {
    const server = await serve(async ({ userIds }) => ({
      presence: Object.fromEntries(userIds.map((id) => [id, ONLINE])),
    }));
    const calls = Array.from({ length: 300 }, payload);
    const answers = await Promise.all(calls.map((call) => client.call('user.presence', call)));
    expect(answers).toEqual(calls.map((call) => ({ presence: { [call.userIds[0] ?? '']: ONLINE } })));
    await server.close();
  });

  it('sends calls of one moment in one message, where one that fails or hangs does not hold up the others', async () => {
    await (await serve(async () => ({ presence: {} }))).close();
    const failing = { ...payload(), userIds: [] };
    const hanging = { ...payload(), userIds: [newUserId(), newUserId()] };
    const malformed = { ...payload(), role: 'admin' };
    const calls = [payload(), failing, hanging, malformed, payload()].map((call) => client.call('user.presence', call));
    const results = Promise.allSettled(calls);
    await eventually(async () => expect((await test.channel.checkQueue('user.commands')).messageCount).toBe(1));

    const server = await serve(async ({ userIds }) => {
      if (userIds.length === 0) throw new RpcError('chat_not_found', 'no such chat');
      if (userIds.length === 2) await new Promise((resolve) => setTimeout(resolve, 2_500));
      return { presence: {} };
    });
    expect(await results).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'chat_not_found' } },
      { status: 'rejected', reason: { code: 'unavailable' } },
      { status: 'rejected', reason: { code: 'invalid_request' } },
      { status: 'fulfilled' },
    ]);
    await server.close();
  });

  it("passes the server's own error on, and masks what is unexpected", async () => {
    let error: Error = new RpcError('chat_not_found', 'no such chat');
    const server = await serve(async () => {
      throw error;
    });
    await expect(client.call('user.presence', payload())).rejects.toMatchObject({ code: 'chat_not_found' });
    error = new Error('connection string with a password');
    await expect(client.call('user.presence', payload())).rejects.toMatchObject({
      code: 'internal_error',
      message: 'something went wrong',
    });
    await server.close();
  });

  it('refuses what is not the command it says, without running it', async () => {
    let runs = 0;
    const server = await serve(async () => {
      runs += 1;
      return { presence: {} };
    });
    const wrong = { ...payload(), role: 'admin' };
    await expect(client.call('user.presence', wrong)).rejects.toMatchObject({ code: 'invalid_request' });
    for (const content of ['not json', '{}', '[null, {"id": "1"}]', '[{"id": 1, "command": "user.unknown"}]']) {
      test.channel.sendToQueue('user.commands', Buffer.from(content));
    }
    await client.call('user.presence', payload());
    expect(runs).toBe(1);
    const waiting = async () => (await test.channel.checkQueue('user.commands')).messageCount;
    await eventually(async () => expect(await waiting()).toBe(0));
    await server.close();
    expect(await waiting()).toBe(0);
  });

  it('is unavailable after the timeout when the answer does not come', async () => {
    const server = await serve(() => new Promise((resolve) => setTimeout(() => resolve({ presence: {} }), 2_500)));
    await expect(client.call('user.presence', payload())).rejects.toMatchObject({ code: 'unavailable' });
    await server.close();
  });

  it('gives calls to another instance when one dies with them in work', async () => {
    const doomed = test.connectAgain();
    await serve(() => new Promise(() => undefined), doomed);
    const call = client.call('user.presence', payload());
    await eventually(async () => expect((await test.channel.checkQueue('user.commands')).consumerCount).toBe(1));
    const server = await serve(async () => ({ presence: {} }));
    await doomed.close();
    await expect(call).resolves.toEqual({ presence: {} });
    await server.close();
  });

  it('waits for a server that restarts within the life of the call', async () => {
    const call = client.call('user.presence', payload());
    const server = await serve(async () => ({ presence: {} }));
    await expect(call).resolves.toEqual({ presence: {} });
    await server.close();
  });

  it('is unavailable at once when the connection drops with calls in flight, and works again afterwards', async () => {
    let reached = false;
    const server = await serve(async () => {
      reached = true;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return { presence: {} };
    });
    const call = client.call('user.presence', payload());
    await eventually(() => expect(reached).toBe(true), { everyMs: 2 });
    const cutAt = performance.now();
    test.proxy.cut();
    await expect(call).rejects.toMatchObject({ code: 'unavailable' });
    await expect(client.call('user.presence', payload())).rejects.toMatchObject({ code: 'unavailable' });
    expect(performance.now() - cutAt).toBeLessThan(1_400);
    test.proxy.restore();
    await eventually(() => client.call('user.presence', payload()));
    await server.close();
  });
});
