import type { UserId } from '@parley/domain';
import { eventually, newClientMessageId } from '@parley/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectClient, startGateway } from './gateway.fixture.spec.ts';
import type { TestClient, TestGateway } from './gateway.fixture.spec.ts';
import { createWorld } from './world.fixture.spec.ts';
import type { World } from './world.fixture.spec.ts';

let world: World;
let first: TestGateway;
let second: TestGateway;
const clients: TestClient[] = [];

beforeAll(async () => {
  world = await createWorld();
  [first, second] = await Promise.all([
    startGateway(world, { timings: { presenceSweepMs: 500 } }),
    startGateway(world, { timings: { presenceSweepMs: 500 } }),
  ]);
});
afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await world.dispose();
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));

async function arrive(gateway: TestGateway, userId?: UserId): Promise<TestClient & { userId: UserId }> {
  const session = await world.signIn(userId);
  const client = await connectClient(gateway.url, session.token);
  clients.push(client);
  return { ...client, userId: session.userId };
}

const settle = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('two gateways', () => {
  it('push a message to both members, each on another gateway', async () => {
    const [anna, ben] = [await arrive(first), await arrive(second)];
    const chatId = world.openChat(anna.userId, ben.userId);
    const text = 'across';
    await anna.emit('sendMessage', { chatId, clientMessageId: newClientMessageId(), text });
    await eventually(() => {
      expect(anna.received.message).toMatchObject([{ message: { text } }]);
      expect(ben.received.message).toMatchObject([{ message: { text } }]);
    });
  });

  it('pass typing on to the other member only', async () => {
    const [anna, ben, annasPhone] = [await arrive(first), await arrive(second), await arrive(second)];
    const chatId = world.openChat(anna.userId, ben.userId);
    await eventually(async () => {
      // It may be lost where Redis is slow; whoever types says so again and again.
      await anna.emit('typing', { chatId, typing: true });
      expect(ben.received.typing).toContainEqual({ chatId, userId: anna.userId, typing: true });
    });
    expect([...anna.received.typing, ...annasPhone.received.typing]).toEqual([]);
  });

  it('hear each other from the moment on in which they listen', async () => {
    const third = await startGateway(world);
    const [anna, ben] = [await arrive(first), await arrive(third)];
    const chatId = world.openChat(anna.userId, ben.userId);
    await anna.emit('typing', { chatId, typing: true });
    await eventually(() => expect(ben.received.typing).toEqual([{ chatId, userId: anna.userId, typing: true }]));
    await third.close();
  });

  it('tell who comes and goes, and a reload is neither', async () => {
    const [anna, ben] = [await arrive(first), await arrive(second)];
    const answer = await anna.emit('presence:subscribe', { userIds: [ben.userId] });
    expect(answer).toEqual({ ok: true, presence: { [ben.userId]: { online: true, lastSeenAt: null } } });

    ben.close();
    const again = await arrive(second, ben.userId);
    await settle(600);
    expect(anna.received['user:offline']).toEqual([]);

    again.close();
    await eventually(() =>
      expect(anna.received['user:offline'][0]).toEqual({ userId: ben.userId, lastSeenAt: expect.any(String) }),
    );
    await arrive(first, ben.userId);
    await eventually(() => expect(anna.received['user:online'].at(-1)).toEqual({ userId: ben.userId }));
  });

  it('keep somebody online who has another device', async () => {
    const [anna, ben] = [await arrive(first), await arrive(second)];
    await arrive(first, ben.userId);
    await anna.emit('presence:subscribe', { userIds: [ben.userId] });
    ben.close();
    await settle(700);
    expect(anna.received['user:offline']).toEqual([]);
  });

  it('tell, though nobody announced it, that somebody went with a gateway that was killed', async () => {
    const [anna, ben] = [await arrive(first), await arrive(second)];
    await anna.emit('presence:subscribe', { userIds: [ben.userId] });
    // A killed gateway says nothing: its entries just expire.
    for (const socketId of await world.presence.sockets(ben.userId)) await world.presence.remove(ben.userId, socketId);
    await eventually(() =>
      expect(anna.received['user:offline'][0]).toEqual({ userId: ben.userId, lastSeenAt: expect.any(String) }),
    );
  });

  it('hide whoever changed their privacy, at once and for later', async () => {
    const [anna, ben] = [await arrive(first), await arrive(second)];
    await anna.emit('presence:subscribe', { userIds: [ben.userId] });
    world.hidden.add(ben.userId);
    const profile = { username: 'ben', displayName: 'Ben', bio: '', avatarUrl: null };
    const privacy = { lastSeen: 'nobody' as const, readReceipts: true };
    await world.publish('user.updated', { userId: ben.userId, ...profile, privacy, privacyChanged: true });
    await eventually(() => expect(anna.received['user:offline']).toEqual([{ userId: ben.userId, lastSeenAt: null }]));
    ben.close();
    await arrive(second, ben.userId);
    expect(await anna.emit('presence:subscribe', { userIds: [ben.userId] })).toEqual({ ok: true, presence: {} });
    await settle(700);
    expect(anna.received['user:offline']).toHaveLength(1);
    expect(anna.received['user:online']).toEqual([]);
  });

  it('present a new chat to each member', async () => {
    const [anna, ben] = [await arrive(first), await arrive(second)];
    const chatId = world.openChat(anna.userId, ben.userId);
    const members = world.chats.get(chatId)!.members;
    await world.publish('chat.created', {
      chatId,
      members,
      createdBy: anna.userId,
      createdAt: new Date().toISOString(),
    });
    await eventually(() => {
      for (const { received } of [anna, ben])
        expect(received['chat:created']).toMatchObject([{ chat: { id: chatId } }]);
    });
  });
});

describe('while Redis is away', () => {
  it('FAULT 11: messages flow, typing stays within a gateway, and presence returns by itself', async () => {
    const [anna, ben, cleo] = [await arrive(first), await arrive(second), await arrive(first)];
    const chatId = world.openChat(anna.userId, ben.userId);
    const local = world.openChat(anna.userId, cleo.userId);
    world.redisProxy.cut();
    await settle(1_500);
    // Every kind of publication that would reject, and a sign-in meanwhile.
    for (let n = 0; n < 20; n += 1) await anna.emit('typing', { chatId, typing: true });
    expect(await anna.emit('typing', { chatId: local, typing: true })).toEqual({ ok: true });
    await eventually(() => expect(cleo.received.typing).toHaveLength(1));
    const text = 'without redis';
    await anna.emit('sendMessage', { chatId, clientMessageId: newClientMessageId(), text });
    await eventually(() => expect(ben.received.message).toMatchObject([{ message: { text } }]));
    const late = await arrive(second);
    await anna.emit('presence:subscribe', { userIds: [ben.userId, late.userId] });

    world.redisProxy.restore();
    await eventually(async () => {
      await anna.emit('typing', { chatId, typing: false });
      expect(ben.received.typing.length).toBeGreaterThan(0);
    });
    late.close();
    const back = await arrive(second, late.userId);
    await eventually(() => expect(anna.received['user:online']).toContainEqual({ userId: back.userId }));
    expect(ben.received['user:offline']).toEqual([]);
  });
});
