import {
  chatAnswer,
  chatsAnswer,
  marksAnswer,
  messageAnswer,
  messagesAnswer,
  ownUserAnswer,
  problem,
  publicUser,
  type Chat,
  type Message,
} from '@parley/contracts';
import { expect, test } from '@playwright/test';
import { v7 as uuid } from 'uuid';
import { env } from '../env.ts';
import { call, Person, type Answer } from './person.ts';

const api = env.apiUrl;

function expectProblem(answer: Answer, status: number, code: string) {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(problem.parse(answer.body)).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
}

test.describe('accounts', () => {
  test('register, sign in by e-mail or name, refresh once per token, sign out', async () => {
    const ada = await Person.register(api, 'Ada');
    for (const identifier of [ada.username, ada.username.toUpperCase(), `${ada.username}@example.org`]) {
      const answer = await call(api, 'POST', '/api/v1/auth/login', { body: { identifier, password: ada.password } });
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject({ user: { id: ada.id }, expiresIn: 600 });
      expect(answer.body).not.toHaveProperty('refreshToken');
      expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly/i);
      expect(answer.headers.get('set-cookie')).toMatch(/SameSite=Strict/i);
    }
    const body = { refreshToken: ada.refreshToken };
    const headers = { 'x-token-transport': 'body' };
    const refreshed = await call<{ refreshToken: string; accessToken: string }>(api, 'POST', '/api/v1/auth/refresh', {
      body,
      headers,
    });
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refreshToken).not.toBe(ada.refreshToken);
    const token = refreshed.body.accessToken;
    expect(
      (await call(api, 'POST', '/api/v1/auth/logout', { token, body: { refreshToken: refreshed.body.refreshToken } }))
        .status,
    ).toBe(204);
    expectProblem(await call(api, 'GET', '/api/v1/users/me', { token }), 401, 'unauthorized');
    expectProblem(
      await call(api, 'POST', '/api/v1/auth/refresh', { body: { refreshToken: refreshed.body.refreshToken }, headers }),
      401,
      'refresh_invalid',
    );
  });

  test('names are taken once, and wrong forms say which field', async () => {
    const ada = await Person.register(api);
    const form = { email: `${uuid()}@example.org`, username: ada.username, password: 'long enough' };
    expectProblem(await call(api, 'POST', '/api/v1/auth/register', { body: form }), 409, 'username_taken');
    const sameEmail = { ...form, username: `u${uuid().slice(-12)}`, email: `${ada.username}@example.org` };
    expectProblem(await call(api, 'POST', '/api/v1/auth/register', { body: sameEmail }), 409, 'email_taken');
    const wrong = await call(api, 'POST', '/api/v1/auth/register', { body: { ...form, role: 'admin', email: 'x' } });
    expectProblem(wrong, 400, 'invalid_request');
    expect(JSON.stringify(wrong.body['errors'])).toContain('email');
    expectProblem(
      await call(api, 'POST', '/api/v1/auth/login', { body: { identifier: { $gt: '' }, password: 'x' } }),
      400,
      'invalid_request',
    );
    expectProblem(
      await call(api, 'POST', '/api/v1/auth/login', { body: { identifier: ada.username, password: 'wrong' } }),
      401,
      'invalid_credentials',
    );
  });

  test('only the public half of the key is published', async () => {
    const answer = await call<{ keys: Record<string, unknown>[] }>(api, 'GET', '/.well-known/jwks.json');
    expect(answer.status).toBe(200);
    for (const key of answer.body.keys) {
      expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256' });
      expect(key).not.toHaveProperty('d');
    }
  });
});

test.describe('people', () => {
  test('somebody who registered a moment ago is found, read and shown without private fields', async () => {
    const [ada, zoe] = await Promise.all([Person.register(api), Person.register(api, 'Zoë Ångström')]);
    const { body } = await ada.call<{ user: unknown }>('GET', `/api/v1/users/${zoe.id}`);
    expect(Object.keys(publicUser.parse(body.user)).sort()).toEqual(Object.keys(body.user as object).sort());
    for (const q of [zoe.username, 'ANGSTR', 'zoe']) {
      await expect(async () => {
        const found = await ada.call<{ users: { id: string }[] }>(
          'GET',
          `/api/v1/users/search?q=${encodeURIComponent(q)}&limit=200`,
        );
        expect(found.body.users.map((user) => user.id)).toContain(zoe.id);
      }).toPass({ timeout: 5_000 });
    }
    const mine = ownUserAnswer.parse((await zoe.call('GET', '/api/v1/users/me')).body);
    expect(mine.user.displayName).toBe('Zoë Ångström');
    expectProblem(await ada.call('GET', `/api/v1/users/${uuid()}`), 404, 'user_not_found');
  });
});

test.describe('chats and messages', () => {
  test('a message is stored once, in order, and both members read the same', async () => {
    const [ada, bob] = await Promise.all([Person.register(api), Person.register(api)]);
    const created = await ada.call<{ chat: Chat }>('POST', '/api/v1/chat/new', { userId: bob.id });
    expect(created.status).toBe(201);
    const chat = chatAnswer.parse(created.body).chat;
    const again = await bob.call<{ chat: Chat }>('POST', '/api/v1/chat/new', { userId: ada.id });
    expect([again.status, again.body.chat.id]).toEqual([200, chat.id]);

    const key = uuid();
    const first = await ada.send(chat.id, 'one', key);
    expect(first.status).toBe(201);
    expect(messageAnswer.parse(first.body).message).toMatchObject({ seq: 1, rev: 1, senderId: ada.id, text: 'one' });
    const replay = await ada.send(chat.id, 'one', key);
    expect([replay.status, replay.body]).toEqual([200, first.body]);
    expectProblem((await ada.send(chat.id, 'other', key)) as Answer, 422, 'idempotency_conflict');
    await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? ada : bob).send(chat.id, `m${i}`)));

    const page = (person: Person, query = '') =>
      person.call(`GET`, `/api/v1/chat/message/${chat.id}${query}`).then((answer) => messagesAnswer.parse(answer.body));
    const [hers, his] = await Promise.all([page(ada), page(bob)]);
    expect(his).toEqual(hers);
    expect(hers.messages.map((message: Message) => message.seq)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(hers.head.seq).toBe(21);
    expect((await page(ada, '?before=21&limit=5')).messages.map((m) => m.seq)).toEqual([16, 17, 18, 19, 20]);
    expect((await page(ada, '?after=5&limit=3')).messages.map((m) => m.seq)).toEqual([6, 7, 8]);
    expect((await page(ada, '?after=5&limit=3')).hasMore).toBe(true);
    expect((await page(ada, '?after=20')).hasMore).toBe(false);

    await expect(async () => {
      const list = chatsAnswer.parse((await bob.call('GET', '/api/v1/chat/all')).body);
      expect(list.chats[0]).toMatchObject({ id: chat.id, lastSeq: 21, unread: 11 });
    }).toPass({ timeout: 5_000 });
  });

  test('receipts only rise, and never beyond what exists', async () => {
    const [ada, bob] = await Promise.all([Person.register(api), Person.register(api)]);
    const chat = await ada.chatWith(bob);
    for (const text of ['a', 'b', 'c']) await ada.send(chat.id, text);
    const report = async (kind: string, seq: number) =>
      marksAnswer.parse((await bob.call('POST', `/api/v1/chat/${kind}`, { chatId: chat.id, seq })).body).marks[bob.id];
    expect(await report('delivered', 2)).toEqual({ delivered: 2, seen: 0 });
    expect(await report('seen', 99)).toEqual({ delivered: 3, seen: 3 });
    expect(await report('delivered', 1)).toEqual({ delivered: 3, seen: 3 });
    const list = chatsAnswer.parse((await bob.call('GET', '/api/v1/chat/all')).body);
    expect(list.chats[0]?.unread).toBe(0);
  });
});

test.describe('who may do what', () => {
  test('a stranger sees a foreign chat as one that does not exist', async () => {
    const [ada, bob, eve] = await Promise.all([Person.register(api), Person.register(api), Person.register(api)]);
    const chat = await ada.chatWith(bob);
    await ada.send(chat.id, 'secret');
    const nowhere = uuid();
    for (const id of [chat.id, nowhere]) {
      expectProblem(await eve.call('GET', `/api/v1/chat/message/${id}`), 404, 'chat_not_found');
      expectProblem((await eve.send(id, 'hi')) as Answer, 404, 'chat_not_found');
      for (const kind of ['delivered', 'seen']) {
        expectProblem(await eve.call('POST', `/api/v1/chat/${kind}`, { chatId: id, seq: 1 }), 404, 'chat_not_found');
      }
    }
    expect((await eve.call<{ chats: unknown[] }>('GET', '/api/v1/chat/all')).body.chats).toEqual([]);
  });

  test('nobody gets anything without a token, and unknown fields are refused', async () => {
    const ada = await Person.register(api);
    const id = uuid();
    const routes: [string, string, unknown?][] = [
      ['GET', '/api/v1/users/me'],
      ['PATCH', '/api/v1/users/me', { bio: 'x' }],
      ['GET', `/api/v1/users/${id}`],
      ['GET', `/api/v1/users?ids=${id}`],
      ['GET', '/api/v1/users/search?q=a'],
      ['GET', '/api/v1/users/contacts'],
      ['PUT', `/api/v1/users/contacts/${id}`],
      ['GET', '/api/v1/users/blocks'],
      ['GET', `/api/v1/users/presence?ids=${id}`],
      ['GET', '/api/v1/chat/all'],
      ['POST', '/api/v1/chat/new', { userId: id }],
      ['GET', `/api/v1/chat/message/${id}`],
      ['POST', '/api/v1/chat/message', { chatId: id, clientMessageId: id, text: 'x' }],
      ['POST', '/api/v1/chat/delivered', { chatId: id, seq: 1 }],
      ['POST', '/api/v1/chat/seen', { chatId: id, seq: 1 }],
    ];
    for (const [method, path, body] of routes) {
      const what = `${method} ${path}`;
      await test.step(what, async () => {
        expectProblem(await call(api, method, path, { body }), 401, 'unauthorized');
        expectProblem(await call(api, method, path, { body, token: 'a.b.c' }), 401, 'unauthorized');
        if (body) expectProblem(await ada.call(method, path, { ...body, _id: 'x' }), 400, 'invalid_request');
      });
    }
  });

  test('the inside of the services is not reachable through the public entry', async () => {
    const ada = await Person.register(api);
    for (const path of [
      '/metrics',
      '/health/ready',
      `/internal/users/${ada.id}`,
      '/api/v1/../internal/users/x',
      '/api/v2/x',
      '/',
    ]) {
      expectProblem(await ada.call('GET', path), 404, 'not_found');
    }
  });
});
