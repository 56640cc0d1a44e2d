import { messageAnswer, type Message } from '@parley/contracts';
import { expect, test } from '@playwright/test';
import { v7 as uuid } from 'uuid';
import { env } from '../env.ts';
import { ask, next, openSocket, Person } from './person.ts';

const api = env.apiUrl;

test('a message goes from one socket to every device of both, with its receipts', async () => {
  const [ada, bob] = await Promise.all([Person.register(api), Person.register(api)]);
  const chat = await ada.chatWith(bob);
  const [hers, herPhone, his] = await Promise.all([ada.connect(), ada.connect(), bob.connect()]);
  expect(await ask(hers, 'join', { chatId: chat.id })).toMatchObject({ ok: true });

  const pushes = Promise.all([next(herPhone, 'message'), next(his, 'message')]);
  const clientMessageId = uuid();
  const sent = await ask(hers, 'sendMessage', { chatId: chat.id, clientMessageId, text: 'hello' });
  expect(sent).toMatchObject({ ok: true });
  const { message } = messageAnswer.parse(sent);
  expect(message).toMatchObject({ seq: 1, senderId: ada.id, clientMessageId, text: 'hello' });
  for (const push of await pushes) expect(push.message).toEqual(message);
  expect(await ask(hers, 'sendMessage', { chatId: chat.id, clientMessageId, text: 'hello' })).toEqual(sent);
  expect(await ask(hers, 'sendMessage', { chatId: chat.id, clientMessageId, text: 'other' })).toMatchObject({
    ok: false,
    error: { code: 'idempotency_conflict' },
  });

  const delivered = next(hers, 'message:delivered');
  expect(await ask(his, 'delivered', { chatId: chat.id, seq: 1 })).toMatchObject({
    ok: true,
    marks: { [bob.id]: { delivered: 1, seen: 0 } },
  });
  expect(await delivered).toMatchObject({ chatId: chat.id, userId: bob.id, seq: 1, hash: message.hash });
  const seen = next(hers, 'message:seen');
  expect(await ask(his, 'seen', { chatId: chat.id, seq: 1 })).toMatchObject({ ok: true });
  expect(await seen).toMatchObject({ userId: bob.id, seq: 1, hash: message.hash });
  expect(await ask(hers, 'heads', { chatIds: [chat.id] })).toMatchObject({
    ok: true,
    heads: { [chat.id]: { seq: 1, hash: message.hash } },
  });
  ada.close();
  bob.close();
});

test('typing reaches the other member only; presence follows the sockets; a new chat is announced', async () => {
  const [ada, bob] = await Promise.all([Person.register(api), Person.register(api)]);
  const [hers, his] = await Promise.all([ada.connect(), bob.connect()]);
  const announced = next(his, 'chat:created');
  const chat = await ada.chatWith(bob);
  expect((await announced).chat).toMatchObject({ id: chat.id, unread: 0 });

  let echoed = false;
  hers.on('typing', () => (echoed = true));
  const typing = next(his, 'typing');
  expect(await ask(hers, 'typing', { chatId: chat.id, typing: true })).toMatchObject({ ok: true });
  expect(await typing).toEqual({ chatId: chat.id, userId: ada.id, typing: true });
  expect(echoed).toBe(false);

  expect(await ask(hers, 'presence:subscribe', { userIds: [bob.id] })).toMatchObject({
    ok: true,
    presence: { [bob.id]: { online: true } },
  });
  const offline = next(hers, 'user:offline').catch(() => next(hers, 'user:offline'));
  bob.close();
  expect(await offline).toMatchObject({ userId: bob.id });
  const online = next(hers, 'user:online');
  await bob.connect();
  expect(await online).toEqual({ userId: bob.id });
  ada.close();
  bob.close();
});

test('a stranger can do nothing in a foreign chat', async () => {
  const [ada, bob, eve] = await Promise.all([Person.register(api), Person.register(api), Person.register(api)]);
  const chat = await ada.chatWith(bob);
  const his = await bob.connect();
  const foreign = await eve.connect();
  const heard: string[] = [];
  his.onAny((event: string) => heard.push(event));
  foreign.onAny((event: string) => heard.push(`eve:${event}`));
  for (const [event, rest] of [
    ['join', {}],
    ['typing', { typing: true }],
    ['sendMessage', { clientMessageId: uuid(), text: 'x' }],
    ['delivered', { seq: 1 }],
    ['seen', { seq: 1 }],
  ] as const) {
    const answer = await ask(foreign, event, { chatId: chat.id, ...rest });
    expect(answer, event).toMatchObject({ ok: false, error: { code: 'chat_not_found' } });
    const impersonating = await ask(foreign, event, { chatId: chat.id, ...rest, userId: ada.id, senderId: ada.id });
    expect(impersonating, event).toMatchObject({ ok: false, error: { code: 'invalid_request' } });
  }
  expect(await ask(foreign, 'heads', { chatIds: [chat.id] })).toEqual({ ok: true, heads: {} });
  await ada.send(chat.id, 'for bob alone');
  await expect.poll(() => heard).toContain('message');
  expect(heard.filter((event) => event.startsWith('eve:'))).toEqual([]);
  bob.close();
  eve.close();
});

test('anything malformed is answered, and the gateway lives', async () => {
  const ada = await Person.register(api);
  const socket = await ada.connect();
  const events = ['join', 'typing', 'sendMessage', 'delivered', 'seen', 'presence:subscribe', 'heads', 'unheard:of'];
  const payloads = [[], [null], ['x'], [[]], [{}], [{ chatId: { $gt: '' } }], [1, 2, 3]];
  for (const event of events) {
    for (const payload of payloads) {
      expect(await ask(socket, event, ...payload), `${event} ${JSON.stringify(payload)}`).toMatchObject({
        ok: false,
        error: { code: 'invalid_request' },
      });
    }
    socket.emit(event as 'join', { chatId: 'x' } as never, undefined as never);
  }
  const { status } = await ada.call('GET', '/api/v1/chat/all');
  expect(status).toBe(200);
  expect(socket.connected).toBe(true);
  ada.close();
});

test('no socket without a good token, nor from a foreign origin', async () => {
  const ada = await Person.register(api);
  const refused = (auth: Record<string, unknown>, headers?: Record<string, string>) =>
    new Promise<boolean>((resolve) => {
      const socket = openSocket(api, auth, headers);
      socket.once('connect_error', () => {
        socket.close();
        resolve(true);
      });
      socket.once('ready', () => {
        socket.close();
        resolve(false);
      });
    });
  expect(await refused({})).toBe(true);
  expect(await refused({ token: 'a.b.c' })).toBe(true);
  expect(await refused({ token: { $gt: '' } })).toBe(true);
  expect(await refused({ token: ada.refreshToken })).toBe(true);
  expect(await refused({ token: ada.token }, { origin: 'https://evil.example' })).toBe(true);
  expect(await refused({ token: ada.token })).toBe(false);
});

test('signing out cuts the sockets of that session', async () => {
  const ada = await Person.register(api);
  const socket = await ada.connect();
  const cut = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));
  const revoked = next(socket, 'session:revoked');
  await ada.call('POST', '/api/v1/auth/logout', {});
  await revoked;
  await cut;
});

test('what was sent while a device was away is there after it came back', async () => {
  const [ada, bob] = await Promise.all([Person.register(api), Person.register(api)]);
  const chat = await ada.chatWith(bob);
  const texts = Array.from({ length: 30 }, (_, i) => `missed ${i}`);
  for (const text of texts) await ada.send(chat.id, text);
  await bob.connect();
  const { body } = await bob.call<{ messages: Message[] }>('GET', `/api/v1/chat/message/${chat.id}?after=0`);
  expect(body.messages.map((message) => message.text)).toEqual(texts);
  bob.close();
});
