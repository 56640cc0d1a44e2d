import type { UserId } from '@parley/domain';
import {
  auditQueries,
  createTestEngines,
  eventually,
  newUserId,
  wasteful,
  type AuditedQuery,
  type QueryAudit,
  type TestEngines,
} from '@parley/testing';
import { createPublisher } from '@parley/rabbitmq';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, newName, PASSWORD, serveAuthApi, type AuthApi } from './auth-api.fixture.ts';
import { listenToEvents } from './events.fixture.ts';
import type { UserDocument } from './features/accounts/user-document.ts';
import type { SessionDocument } from './features/sessions/session-document.ts';

/** Every query of auth-api, explained as it runs among 300 accounts with three sessions each: none reads more than twice what it returns. */
describe('the queries of auth-api', () => {
  let engines: TestEngines;
  let audit: QueryAudit;
  let api: AuthApi;
  let session: Awaited<ReturnType<AuthApi['register']>>;
  beforeAll(async () => {
    engines = await createTestEngines();
    const { mongoUri: uri, database } = engines;
    audit = await auditQueries({ uri, database });
    api = await serveAuthApi({ ...engines, mongoUri: audit.uri });
    const client = new MongoClient(uri);
    await fill(client.db(database).collection('users'), client.db(database).collection('sessions'));
    await client.close();
    session = await api.register();
    audit.take();
  }, 60_000);
  afterAll(async () => {
    await api.close();
    await audit.close();
    await engines.dispose();
  });

  const asBody = { 'x-token-transport': 'body' };
  const login = (identifier: string, password = PASSWORD) => api.post('login', { identifier, password }, asBody);

  const cases: [string, () => Promise<unknown>, number][] = [
    ['an account', () => api.register(), 201],
    ['a username that is taken', () => taken({ username: session.user.username }), 409],
    ['an address that is taken', () => taken({ email: session.user.email }), 409],
    ['signing in by username', () => login(session.user.username), 200],
    ['signing in by address', () => login(session.user.email), 200],
    ['a wrong password', () => login(session.user.username, 'no such password'), 401],
    ['an unknown name', () => login(newName()), 401],
    ['a refresh', () => api.post('refresh', { refreshToken: session.refreshToken }, asBody), 200],
    ['a refresh of nothing', () => api.post('refresh', { refreshToken: `${'x'.repeat(43)}.${'y'.repeat(43)}` }, asBody), 401],
    ['signing out', () => api.post('logout', {}, bearer(session.accessToken)), 204],
    ['an account for another service', () => internal(`/internal/users/${session.user.id}`), 200],
    ['an account by its username', () => internal(`/internal/users?username=${session.user.username}`), 200],
  ]; // prettier-ignore

  function taken(change: object): Promise<unknown> {
    const username = newName();
    return api.post('register', { username, email: `${username}@example.org`, password: PASSWORD, ...change });
  }
  async function internal(path: string): Promise<unknown> {
    const { accessToken } = await api.register();
    return api.call('GET', path, undefined, bearer(accessToken));
  }

  it.each(cases)('%s', async (_, run, status) => {
    const answer = await run();
    if (status !== 201) expect(answer).toMatchObject({ status });
    const queries = audit.take();
    expect(wasteful(queries)).toEqual([]);
  });

  it('a profile that user-api changed', async () => {
    const { user } = await api.register();
    const events = await listenToEvents(engines.rabbitUrl);
    const publisher = createPublisher(events.rabbit, { exchange: 'user.events' });
    const shown = { username: user.username, displayName: 'Ada the Second', bio: '', avatarUrl: null };
    const privacy = { privacy: { lastSeen: 'everyone' as const, readReceipts: true }, privacyChanged: false };
    const event = { id: `user:${user.id}`, type: 'user.updated' as const, version: 1 as const, at: '2031-01-02T00:00:00.000Z' };
    audit.take();
    await eventually(() => publisher.publish({ ...event, payload: { userId: user.id, ...shown, ...privacy } }));
    const isTaken = ({ command }: AuditedQuery) => JSON.stringify(command).includes('displayNameAt');
    expect(wasteful(await audit.takeUntil(isTaken))).toEqual([]);
    await publisher.close();
    await events.close();
  }); // prettier-ignore

  it('the outbox', async () => {
    audit.take();
    await api.register();
    const queries = await audit.takeUntil(({ command }) => 'update' in command);
    expect(wasteful(queries)).toEqual([]);
  });
});

type Stored<T> = { insertMany(documents: T[]): Promise<unknown> };

async function fill(users: Stored<UserDocument>, sessions: Stored<SessionDocument>): Promise<void> {
  const at = new Date();
  const ids = Array.from({ length: 300 }, () => newUserId());
  const account = (_id: UserId, i: number): UserDocument => ({
    _id, username: `filler${i}`, email: `filler${i}@example.org`, displayName: `Filler ${i}`, passwordHash: '', createdAt: at,
  }); // prettier-ignore
  await users.insertMany(ids.map(account));
  await sessions.insertMany(
    ids.flatMap((userId, i) =>
      [1, 2, 3].map((n) => ({
        _id: `filler-${i}-${n}` as SessionDocument['_id'],
        userId,
        familyHash: `family-${i}-${n}`,
        current: '',
        rotatedAt: at,
        version: 1,
        createdAt: at,
        lastUsedAt: at,
        expiresAt: new Date(at.getTime() + 3_600_000),
        device: 'spec',
        ip: '127.0.0.1',
      })),
    ) as unknown as SessionDocument[],
  );
}
