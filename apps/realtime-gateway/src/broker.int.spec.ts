import { gatewayQueue } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { engineUrls, eventually, newClientMessageId } from '@parley/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectClient, startGateway } from './gateway.fixture.spec.ts';
import type { TestClient, TestGateway } from './gateway.fixture.spec.ts';
import { createWorld, newMessage } from './world.fixture.spec.ts';
import type { World } from './world.fixture.spec.ts';

let world: World;
let gateway: TestGateway;
let anna: TestClient;
let annaId: UserId;

beforeEach(async () => {
  world = await createWorld();
  gateway = await startGateway(world, { timings: { sessionCheckMs: 1_000 } });
  const session = await world.signIn();
  annaId = session.userId;
  anna = await connectClient(gateway.url, session.token);
  return async () => {
    anna.close();
    await gateway.close();
    await world.dispose();
  };
});
afterEach(() => world.rabbitProxy.restore());

async function publishMessage(text: string): Promise<void> {
  const { userId } = await world.signIn();
  const chatId = world.openChat(annaId, userId);
  const chat = world.chats.get(chatId)!;
  const message = newMessage(chat, { chatId, senderId: userId, clientMessageId: newClientMessageId(), text });
  await world.publish('message.created', { members: chat.members, message });
}

/** RabbitMQ's management API; it answers questions without using a queue, which a queue's expiry would count as use. */
async function manage(method: 'GET' | 'PUT', path: string, body?: object): Promise<number> {
  const { username, password, pathname } = new URL(world.rabbitUrlDirect);
  const answer = await fetch(`${engineUrls().rabbitManagementUrl}/api/${path.replace('{vhost}', pathname.slice(1))}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return answer.status;
}

describe('a gateway that loses the broker', () => {
  it('FAULT 13, cut for a while: answers at once, lives, and pushes what came meanwhile once it is back', async () => {
    world.rabbitProxy.cut();
    const startedAt = performance.now();
    await eventually(async () => {
      const answer = await anna.emit('heads', { chatIds: [world.openChat(annaId, annaId)] });
      expect(answer).toMatchObject({ ok: false, error: { code: 'unavailable' } });
    });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await publishMessage('while away');

    world.rabbitProxy.restore();
    await eventually(() => expect(anna.received.message).toMatchObject([{ message: { text: 'while away' } }]), {
      timeoutMs: 20_000,
    });
    expect(anna.received['sync:required']).toEqual([]);
  });

  it('FAULT 13, cut for longer than its queue is kept: asks its clients to sync', async () => {
    // The broker keeps a gateway's queue for two minutes; a policy makes that two seconds, for the lower of both counts.
    const policy = { pattern: '^rt\\.gw\\.', definition: { expires: 2_000 }, 'apply-to': 'queues' };
    expect(await manage('PUT', 'policies/{vhost}/short-lives', policy)).toBe(201);
    const queue = `queues/{vhost}/${gatewayQueue(gateway.bootId)}`;
    expect(await manage('GET', queue)).toBe(200);
    world.rabbitProxy.cut();
    await eventually(async () => expect(await manage('GET', queue)).toBe(404), { timeoutMs: 20_000 });
    await publishMessage('to nobody').catch(() => undefined); // no queue is bound for it any more
    world.rabbitProxy.restore();
    await eventually(() => expect(anna.received['sync:required']).toEqual([{}]), { timeoutMs: 20_000 });
    await eventually(async () => {
      await publishMessage('again');
      expect(anna.received.message.length).toBeGreaterThan(0);
    });
    expect(anna.received.message.map(({ message }) => message.text)).not.toContain('to nobody');
  });
});

describe('a session that ends', () => {
  it('is told, and its sockets are cut; other sessions of the person stay', async () => {
    const session = await world.signIn(annaId);
    const phone = await connectClient(gateway.url, session.token);
    const reason = new Promise((resolve) => phone.socket.once('disconnect', resolve));
    await world.publish('session.revoked', { userId: annaId, sessionId: session.sessionId });
    expect(await reason).toBe('io server disconnect');
    expect(phone.received['session:revoked']).toEqual([{}]);
    expect(anna.socket.connected).toBe(true);
  });

  it('is noticed in the store when its event was lost', async () => {
    const session = await world.signIn(annaId);
    const phone = await connectClient(gateway.url, session.token);
    await world.sessions.revoke(session.sessionId);
    await eventually(() => expect(phone.socket.connected).toBe(false));
    expect(phone.received['session:revoked']).toEqual([{}]);
    expect(anna.socket.connected).toBe(true);
  });
});
