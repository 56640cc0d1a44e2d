import { newMessage } from './world.fixture.spec.ts';
import { eventually, newClientMessageId } from '@parley/testing';
import { createTcpProxy } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectClient, startGateway } from './gateway.fixture.spec.ts';
import { createWorld } from './world.fixture.spec.ts';
import type { World } from './world.fixture.spec.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.dispose());

describe('a client that stops reading', () => {
  it('FAULT 18: is cut with its buffer, catches up when it is back, and the others notice nothing', async () => {
    const gateway = await startGateway(world);
    const proxy = await createTcpProxy({ target: { host: '127.0.0.1', port: Number(new URL(gateway.url).port) } });
    const [stalled, healthy] = [await world.signIn(), await world.signIn()];
    const paused = await connectClient(`http://127.0.0.1:${proxy.port}`, stalled.token);
    const other = await connectClient(gateway.url, healthy.token);
    const chat = world.chats.get(world.openChat(stalled.userId, healthy.userId))!;
    const chatId = [...world.chats].find(([, value]) => value === chat)![0];
    proxy.pause();
    const closed = new Promise((resolve) => gateway.gateway.io.on('connection', resolve)).then(() => 'reconnected');

    let sent = 0;
    const isStalledHere = () => gateway.gateway.io.of('/').adapter.rooms.has(`user:${stalled.userId}`);
    while (isStalledHere() && sent < 20_000) {
      const text = 'x'.repeat(8_000);
      const message = newMessage(chat, {
        chatId,
        senderId: healthy.userId,
        clientMessageId: newClientMessageId(),
        text,
      });
      chat.messages.push(message);
      await world.publish('message.created', { members: chat.members, message });
      sent += 1;
    }
    expect(isStalledHere()).toBe(false);
    expect(await gateway.metrics()).toMatch(/parley_sockets_stalled_cut_total\S* 1\n/);
    await eventually(() => expect(other.received.message).toHaveLength(sent));
    expect(other.socket.connected).toBe(true);

    proxy.resume();
    await eventually(() => expect(paused.socket.connected).toBe(false));
    const back = await connectClient(gateway.url, stalled.token);
    expect(await closed).toBe('reconnected');
    expect(await back.emit('heads', { chatIds: [chatId] })).toMatchObject({ heads: { [chatId]: { seq: sent } } });
    await gateway.close();
    await proxy.close();
  });
});

describe('a gateway that is told to end', () => {
  it('sends everybody away, spread, to come back by themselves', async () => {
    const gateway = await startGateway(world);
    const clients = await Promise.all(
      Array.from({ length: 40 }, async () => connectClient(gateway.url, (await world.signIn()).token)),
    );
    const reasons = clients.map(({ socket }) => new Promise((resolve) => socket.once('disconnect', resolve)));
    const { token } = await world.signIn();
    const closing = gateway.close();
    await expect(connectClient(gateway.url, token)).rejects.toThrow();
    // «io server disconnect» would keep clients from reconnecting by themselves.
    expect(new Set(await Promise.all(reasons))).toEqual(new Set(['transport close']));
    const waits = clients.flatMap(({ received }) => received.drain.map(({ retryInMs }) => retryInMs));
    expect(waits).toHaveLength(40);
    expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(3_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000);
    await closing;
  });
});
