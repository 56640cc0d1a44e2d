import { newChatId, newClientMessageId, newSessionId, newUserId, eventually } from '@parley/testing';
import type { ChatId, UserId } from '@parley/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectClient, startGateway, WEB_ORIGIN } from './gateway.fixture.spec.ts';
import type { TestClient, TestGateway } from './gateway.fixture.spec.ts';
import { createWorld } from './world.fixture.spec.ts';
import type { World } from './world.fixture.spec.ts';

let world: World;
let gateway: TestGateway;
let chatId: ChatId;
let anna: TestClient;
let ben: TestClient;
let stranger: TestClient;
let ids: { anna: string; ben: string; stranger: string };

beforeAll(async () => {
  world = await createWorld();
  gateway = await startGateway(world);
});
afterAll(async () => {
  await gateway.close();
  await world.dispose();
});
beforeEach(async () => {
  const people = await Promise.all([world.signIn(), world.signIn(), world.signIn()]);
  chatId = world.openChat(people[0].userId, people[1].userId);
  ids = { anna: people[0].userId, ben: people[1].userId, stranger: people[2].userId };
  [anna, ben, stranger] = (await Promise.all(people.map(({ token }) => connectClient(gateway.url, token)))) as [
    TestClient,
    TestClient,
    TestClient,
  ];
  return () => [anna, ben, stranger].forEach((client) => client.close());
});

const settle = (ms = 150) => new Promise((resolve) => setTimeout(resolve, ms));
const send = (over: object = {}) => ({ chatId, clientMessageId: newClientMessageId(), text: 'hello', ...over });

describe('handshake', () => {
  it('says ready to who brings a good token, over each transport', async () => {
    for (const transports of [['websocket'], ['polling'], ['polling', 'websocket']]) {
      const { token, userId } = await world.signIn();
      const client = await connectClient(gateway.url, token, { transports, origin: WEB_ORIGIN });
      expect(client.received.ready).toEqual([{ userId, serverTime: expect.any(String) }]);
      client.close();
    }
  });

  it.each([
    ['no token', undefined],
    ['an empty token', ''],
    ['a wrong token', 'e30.e30.e30'],
    ['an object', { $gt: '' }],
    ['a number', 7],
  ])('refuses %s', async (_name, token) => {
    await expect(connectClient(gateway.url, token)).rejects.toMatchObject({ data: { code: 'unauthorized' } });
  });

  it('refuses a token whose session was revoked or never was', async () => {
    const { token, sessionId } = await world.signIn();
    await world.sessions.revoke(sessionId);
    await expect(connectClient(gateway.url, token)).rejects.toMatchObject({ data: { code: 'unauthorized' } });
    const { accessToken } = await world.issuer.issue(newUserId(), newSessionId());
    await expect(connectClient(gateway.url, accessToken)).rejects.toMatchObject({ data: { code: 'unauthorized' } });
  });

  it.each([['websocket'], ['polling']])('refuses a page of a foreign origin (%s)', async (transport) => {
    const { token } = await world.signIn();
    for (const origin of ['https://evil.example', 'null', `${WEB_ORIGIN}.evil.example`]) {
      await expect(connectClient(gateway.url, token, { transports: [transport], origin })).rejects.toThrow();
    }
  });
});

describe('events of a member', () => {
  it('join answers the head', async () => {
    await anna.emit('sendMessage', send());
    const answer = await ben.emit('join', { chatId });
    expect(answer).toMatchObject({ ok: true, head: { seq: 1, rev: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  });

  it('sendMessage answers the message, and both members are pushed it once', async () => {
    const body = send();
    const answer = await anna.emit('sendMessage', body);
    expect(answer).toMatchObject({ ok: true, message: { ...body, senderId: ids.anna, seq: 1 } });
    await eventually(() => {
      expect(anna.received.message).toHaveLength(1);
      expect(ben.received.message).toHaveLength(1);
    });
    expect(ben.received.message[0]?.message).toEqual(answer.ok && answer['message']);
    await settle();
    expect(stranger.received.message).toEqual([]);
  });

  it('delivered and seen answer the marks, and reach both members', async () => {
    await anna.emit('sendMessage', send());
    expect(await ben.emit('delivered', { chatId, seq: 1 })).toMatchObject({
      ok: true,
      marks: { [ids.ben]: { delivered: 1 } },
    });
    expect(await ben.emit('seen', { chatId, seq: 1 })).toMatchObject({ ok: true, marks: { [ids.ben]: { seen: 1 } } });
    const receipt = { chatId, userId: ids.ben, seq: 1, hash: expect.any(String), at: expect.any(String) };
    await eventually(() => {
      for (const client of [anna, ben]) {
        expect(client.received['message:delivered']).toEqual([receipt]);
        expect(client.received['message:seen']).toEqual([receipt]);
      }
    });
  });

  it('a receipt that is not for everybody reaches those it is for', async () => {
    const receipt = { chatId, userId: ids.ben as UserId, seq: 1, hash: 'a'.repeat(64) };
    const members: [UserId, UserId] = [ids.anna as UserId, ids.ben as UserId];
    const fact = { ...receipt, members, kind: 'seen', marks: { delivered: 1, seen: 1 } } as const;
    await world.publish('receipt.updated', { ...fact, audience: [receipt.userId] });
    await eventually(() => expect(ben.received['message:seen']).toMatchObject([receipt]));
    await settle();
    expect(anna.received['message:seen']).toEqual([]);
  });

  it('typing reaches all devices of the other member, and nobody else', async () => {
    const phone = await connectClient(gateway.url, (await world.signIn(ids.ben as never)).token);
    const annasPhone = await connectClient(gateway.url, (await world.signIn(ids.anna as never)).token);
    expect(await anna.emit('typing', { chatId, typing: true })).toEqual({ ok: true });
    await eventually(() => {
      for (const client of [ben, phone]) {
        expect(client.received.typing).toEqual([{ chatId, userId: ids.anna, typing: true }]);
      }
    });
    await settle();
    for (const client of [anna, annasPhone, stranger]) expect(client.received.typing).toEqual([]);
    phone.close();
    annasPhone.close();
  });

  it('heads leaves out chats of others', async () => {
    const foreign = world.openChat(newUserId(), newUserId());
    const answer = await anna.emit('heads', { chatIds: [chatId, foreign] });
    expect(answer).toMatchObject({ ok: true, heads: { [chatId]: { seq: 0 } } });
    expect(Object.keys((answer as { heads?: object }).heads ?? {})).toEqual([chatId]);
    expect(await anna.emit('heads', { chatIds: [] })).toEqual({ ok: true, heads: {} });
  });

  it('is served without an acknowledgement too', async () => {
    anna.socket.emit('sendMessage', send());
    await eventually(() => expect(ben.received.message).toHaveLength(1));
  });
});

describe('events of a stranger', () => {
  it.each(['join', 'typing', 'delivered', 'seen', 'sendMessage'])(
    '%s answers chat_not_found, as for no chat at all',
    async (event) => {
      const payload = (id: string) =>
        ({
          join: { chatId: id },
          typing: { chatId: id, typing: true },
          delivered: { chatId: id, seq: 1 },
          seen: { chatId: id, seq: 1 },
          sendMessage: send({ chatId: id }),
        })[event];
      // Also once the gateway knows the chat from its members.
      await anna.emit('typing', { chatId, typing: true });
      const foreign = await stranger.emit(event, payload(chatId));
      expect(foreign).toMatchObject({ ok: false, error: { code: 'chat_not_found' } });
      expect(await stranger.emit(event, payload(newChatId()))).toEqual(foreign);
      await settle();
      expect([...anna.received.typing, ...anna.received.message, ...anna.received['message:seen']]).toEqual([]);
    },
  );

  it('cannot act as somebody else', async () => {
    for (const field of ['userId', 'senderId', 'callerId']) {
      const forged = await stranger.emit('sendMessage', send({ [field]: ids.anna }));
      expect(forged).toMatchObject({ ok: false, error: { code: 'invalid_request' } });
      expect(await stranger.emit('typing', { chatId, typing: true, [field]: ids.anna })).toMatchObject({
        ok: false,
        error: { code: 'invalid_request' },
      });
    }
    expect(world.chats.get(chatId)?.messages).toEqual([]);
  });
});
