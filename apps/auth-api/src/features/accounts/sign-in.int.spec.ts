import { authAnswer, problem } from '@parley/contracts';
import { createTestEngines, eventually, newUserId, type TestEngines } from '@parley/testing';
import { argon2id, hash } from 'argon2';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher } from '@parley/rabbitmq';
import { bearer, newName, PASSWORD, serveAuthApi, type AuthApi } from '../../auth-api.fixture.ts';
import { listenToEvents } from '../../events.fixture.ts';
import type { UserDocument } from './user-document.ts';

let engines: TestEngines;
let api: AuthApi;
let client: MongoClient;

beforeAll(async () => {
  engines = await createTestEngines();
  api = await serveAuthApi(engines);
  client = new MongoClient(engines.mongoUri);
});
afterAll(async () => {
  await client.close();
  await api.close();
  await engines.dispose();
});

const signIn = (identifier: string, password = PASSWORD) => api.post('login', { identifier, password });
const users = () => client.db(engines.database).collection<UserDocument>('users');

describe('POST /api/v1/auth/login', () => {
  it('takes the username or the e-mail address, in any letter case, and makes a session of its own each time', async () => {
    const { user } = await api.register();
    const cookies = new Set<string | undefined>();
    for (const identifier of [user.username, user.email, user.username.toUpperCase()]) {
      const answer = await signIn(identifier);
      expect([answer.status, authAnswer.parse(answer.json).user]).toEqual([200, user]);
      cookies.add(answer.cookie);
    }
    expect(cookies.size).toBe(3);
  });

  it('answers a wrong password and an unknown name the same', async () => {
    const { user } = await api.register();
    const [wrong, unknown] = [await signIn(user.username, 'wrong password'), await signIn(newName(), 'wrong password')];
    for (const answer of [wrong, unknown]) {
      expect([answer.status, answer.cookie]).toEqual([401, undefined]);
      expect(problem.parse(answer.json)).toMatchObject({
        code: 'invalid_credentials',
        detail: 'The name or the password is wrong.',
      });
    }
  });

  it.each([
    [{ identifier: { $gt: '' }, password: PASSWORD }],
    [{ identifier: 'ada', password: { $gt: '' } }],
    [{ identifier: ['ada'], password: PASSWORD }],
    [{ identifier: 'ada', password: PASSWORD, admin: true }],
    [{ identifier: 'ada' }],
    [undefined],
  ])('refuses %j', async (body) => {
    const answer = await api.post('login', body);
    expect([answer.status, problem.parse(answer.json).code]).toEqual([400, 'invalid_request']);
  });

  it('renews a hash that was made with other parameters', async () => {
    const { user } = await api.register();
    const old = await hash(PASSWORD, { type: argon2id, memoryCost: 4_096, timeCost: 3, parallelism: 1 });
    await users().updateOne({ _id: user.id }, { $set: { passwordHash: old } });
    expect((await signIn(user.username)).status).toBe(200);
    expect((await users().findOne({ _id: user.id }))?.passwordHash).toMatch(/m=19456,t=2,p=1/);
    expect((await signIn(user.username)).status).toBe(200);
  });

  it('knows the display name that user-api told last, though an older one comes after it', async () => {
    const { user } = await api.register();
    const events = await listenToEvents(engines.rabbitUrl);
    const publisher = createPublisher(events.rabbit, { exchange: 'user.events' });
    const told = (displayName: string, at: string) => ({
      id: `user:${user.id}:${at}`,
      type: 'user.updated' as const,
      version: 1 as const,
      at,
      payload: {
        ...{ userId: user.id, username: user.username, displayName, bio: '', avatarUrl: null },
        ...{ privacy: { lastSeen: 'everyone' as const, readReceipts: true }, privacyChanged: false },
      },
    });
    const nameNow = async () => authAnswer.parse((await signIn(user.username)).json).user.displayName;
    await eventually(() => publisher.publish(told('Ada the Second', '2031-01-02T00:00:00.000Z')));
    await eventually(async () => expect(await nameNow()).toBe('Ada the Second'));
    await publisher.publish(told('Ada the First', '2031-01-01T00:00:00.000Z'));
    await publisher.publish(told('Ada the Third', '2031-01-03T00:00:00.000Z'));
    await eventually(async () => expect(await nameNow()).toBe('Ada the Third'));
    await publisher.close();
    await events.close();
  });
});

describe('GET /internal/users', () => {
  it('tells anybody signed in what others may know of an account, by id and by username', async () => {
    const [ada, bob] = [await api.register(), await api.register()];
    const { id, username, displayName } = ada.user;
    for (const path of [`/internal/users/${id}`, `/internal/users?username=${username}`]) {
      const answer = await api.call('GET', path, undefined, bearer(bob.accessToken));
      expect(answer.json).toEqual({ user: { id, username, displayName, createdAt: expect.any(String) } });
      expect((await api.call('GET', path)).status).toBe(401);
    }
  });

  it('says where there is nobody, and what is no id', async () => {
    const { accessToken } = await api.register();
    const get = async (path: string) => {
      const answer = await api.call('GET', path, undefined, bearer(accessToken));
      return [answer.status, problem.parse(answer.json).code];
    };
    expect(await get(`/internal/users/${newUserId()}`)).toEqual([404, 'user_not_found']);
    expect(await get(`/internal/users?username=${newName()}`)).toEqual([404, 'user_not_found']);
    expect(await get('/internal/users/1')).toEqual([400, 'invalid_request']);
    expect(await get('/internal/users')).toEqual([400, 'invalid_request']);
    expect(await get('/internal/users?username[$ne]=x')).toEqual([400, 'invalid_request']);
  });
});
