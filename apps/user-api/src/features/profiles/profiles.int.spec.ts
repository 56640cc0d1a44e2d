import { createPublisher } from '@parley/rabbitmq';
import { eventually, newUserId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUserApi, type UserApiUnderTest } from '../../testing/user-api.spec.ts';

describe('profiles', () => {
  let api: UserApiUnderTest;
  beforeAll(async () => {
    api = await startUserApi();
  });
  afterAll(() => api?.end());

  const eventsOf = (userId: string) =>
    api.events.filter((event) => event.type === 'user.updated' && event.payload.userId === userId);

  it('has a person who registered a moment ago at once, and asks auth-api once only', async () => {
    const { id } = api.auth.register('ada.lovelace', 'Ada Lovelace');
    const mine = await api.call('GET', '/api/v1/users/me', { as: id });
    expect(mine.status).toBe(200);
    expect(mine.json.user).toEqual({
      id,
      username: 'ada.lovelace',
      displayName: 'Ada Lovelace',
      bio: '',
      avatarUrl: null,
      privacy: { lastSeen: 'everyone', readReceipts: true },
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
      updatedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
    });
    api.auth.takeAsked();
    await api.call('GET', '/api/v1/users/me', { as: id });
    expect(api.auth.takeAsked()).toEqual([]);
  });

  it('gives strangers the public profile and nothing else', async () => {
    const [ada, bob] = [await api.person('ada1', 'Ada'), await api.person('bob1', 'Bob')];
    const { status, json } = await api.call('GET', `/api/v1/users/${ada.toUpperCase()}`, { as: bob });
    expect(status).toBe(200);
    expect(json.user).toEqual({ id: ada, username: 'ada1', displayName: 'Ada', bio: '', avatarUrl: null });
  });

  it('reads another who just registered through, for one and for many, and leaves out who does not exist', async () => {
    const bob = await api.person('bob2');
    const [carl, dora] = [api.auth.register('carl2'), api.auth.register('dora2')];
    expect((await api.call('GET', `/api/v1/users/${carl.id}`, { as: bob })).json.user.username).toBe('carl2');
    const nobody = newUserId();
    const many = await api.call('GET', `/api/v1/users?ids=${dora.id},${nobody},${bob},${carl.id},${bob}`, { as: bob });
    expect(many.json.users.map(({ id }) => id)).toEqual([dora.id, bob, carl.id]);
    const none = await api.call('GET', `/api/v1/users/${nobody}`, { as: bob });
    expect([none.status, none.json.code]).toEqual([404, 'user_not_found']);
    expect(none.headers.get('content-type')).toContain('application/problem+json');
  });

  it('takes a registration from the broker, also twice, and never overwrites what its owner changed', async () => {
    const publisher = createPublisher(api.rabbit, { exchange: 'auth.events' });
    const id = newUserId();
    const createdAt = new Date().toISOString();
    const event = {
      id: `user.registered:${id}:1`,
      type: 'user.registered' as const,
      version: 1 as const,
      at: createdAt,
      payload: { userId: id, username: 'eve3', displayName: 'Eve', createdAt },
    };
    await eventually(() => publisher.publish(event));
    await eventually(async () => expect(await api.database.profiles.findOne({ _id: id })).not.toBeNull());
    await api.call('PATCH', '/api/v1/users/me', { as: id, body: { displayName: 'Evelyn' } });
    await publisher.publish(event);
    await publisher.publish({
      ...event,
      id: 'again',
      payload: { ...event.payload, userId: newUserId(), username: 'fay3' },
    });
    await eventually(async () => expect(await api.database.profiles.findOne({ username: 'fay3' })).not.toBeNull());
    expect((await api.database.profiles.findOne({ _id: id }))?.displayName).toBe('Evelyn');
    await publisher.close();
  });

  it('changes what is asked for and tells so, with privacy only when that changed', async () => {
    const id = await api.person('gil', 'Gil');
    const named = await api.call('PATCH', '/api/v1/users/me', { as: id, body: { displayName: ' Gil B. ', bio: 'hi' } });
    expect(named.json.user).toMatchObject({ displayName: 'Gil B.', bio: 'hi', username: 'gil' });
    await eventually(() => expect(eventsOf(id)).toHaveLength(1));
    expect(eventsOf(id)[0]).toMatchObject({ payload: { displayName: 'Gil B.', bio: 'hi', privacyChanged: false } });

    const hidden = await api.call('PATCH', '/api/v1/users/me', { as: id, body: { privacy: { lastSeen: 'nobody' } } });
    expect(hidden.json.user.privacy).toEqual({ lastSeen: 'nobody', readReceipts: true });
    await eventually(() => expect(eventsOf(id)).toHaveLength(2));
    expect(eventsOf(id)[1]).toMatchObject({
      payload: { privacyChanged: true, privacy: { lastSeen: 'nobody', readReceipts: true } },
    });
    expect(new Set(eventsOf(id).map((event) => event.id)).size).toBe(2);

    expect((await api.call('PATCH', '/api/v1/users/me', { as: id, body: { bio: 'hi' } })).status).toBe(200);
    await eventually(async () => expect((await api.database.profiles.findOne({ _id: id }))?.outbox).toBeUndefined());
    expect(eventsOf(id)).toHaveLength(2);
  });

  it('loses none of many changes that come at once', async () => {
    const id = await api.person('hal');
    const patches = [{ displayName: 'Hal 9000' }, { bio: 'sorry' }, { privacy: { readReceipts: false } }];
    const answers = await Promise.all(patches.map((body) => api.call('PATCH', '/api/v1/users/me', { as: id, body })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await api.call('GET', '/api/v1/users/me', { as: id })).json.user).toMatchObject({
      displayName: 'Hal 9000',
      bio: 'sorry',
      privacy: { lastSeen: 'everyone', readReceipts: false },
    });
  });

  it.each([
    ['an unknown field', { role: 'admin' }],
    ['a field that is not theirs to change', { username: 'root' }],
    ['nothing', {}],
    ['a blank name', { displayName: '   ' }],
    ['an operator for a value', { bio: { $gt: '' } }],
    ['an unknown audience', { privacy: { lastSeen: 'friends' } }],
    ['an unknown field of privacy', { privacy: { lastSeen: 'nobody', admin: true } }],
    ['too long a bio', { bio: 'x'.repeat(281) }],
  ])('refuses %s', async (_what, body) => {
    const id = await api.person(`ivy${Math.random().toString(36).slice(2)}`);
    const answer = await api.call('PATCH', '/api/v1/users/me', { as: id, body });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
  });

  it.each([
    '/api/v1/users/not-a-uuid',
    '/api/v1/users?ids=',
    '/api/v1/users',
    '/api/v1/users?ids=x',
    `/api/v1/users?ids[$ne]=${newUserId()}`,
    `/api/v1/users?ids=${newUserId()}&ids=${newUserId()}`,
    `/api/v1/users?ids=${newUserId()}&admin=1`,
    `/api/v1/users?ids=${Array.from({ length: 201 }, newUserId).join(',')}`,
    '/api/v1/users/me?full=1',
  ])('refuses GET %.60s', async (path) => {
    const id = await api.person(`jan${Math.random().toString(36).slice(2)}`);
    const answer = await api.call('GET', path, { as: id });
    expect([answer.status, answer.json.code]).toEqual([400, 'invalid_request']);
  });

  it('tells anonymous callers nothing, on any route', async () => {
    const id = await api.person('kim');
    const routes = [
      ['GET', '/api/v1/users/me'],
      ['PATCH', '/api/v1/users/me'],
      ['GET', `/api/v1/users/${id}`],
      ['GET', `/api/v1/users?ids=${id}`],
      ['GET', '/api/v1/users/search?q=kim'],
      ['GET', '/api/v1/users/contacts'],
      ['PUT', `/api/v1/users/contacts/${id}`],
      ['DELETE', `/api/v1/users/contacts/${id}`],
      ['GET', '/api/v1/users/blocks'],
      ['PUT', `/api/v1/users/blocks/${id}`],
      ['DELETE', `/api/v1/users/blocks/${id}`],
      ['GET', `/api/v1/users/presence?ids=${id}`],
    ] as const;
    for (const [method, path] of routes) {
      for (const token of [undefined, 'not.a.token']) {
        const answer = await api.call(method, path, token ? { token } : {});
        expect([method, path, answer.status, answer.json.code]).toEqual([method, path, 401, 'unauthorized']);
      }
    }
  });

  it('never takes one caller for another, however many ask at once', async () => {
    const people = await Promise.all(['mia', 'ned', 'oda', 'pam', 'quin'].map((name) => api.person(name)));
    const asking = Array.from({ length: 60 }, async (_, n) => {
      const as = n % 6 === 5 ? undefined : people[n % 6];
      const { status, json } = await api.call('GET', '/api/v1/users/me', as ? { as } : {});
      expect([status, json.user?.id]).toEqual(as ? [200, as] : [401, undefined]);
    });
    await Promise.all(asking);
  });

  it('refuses a session that was revoked', async () => {
    const id = await api.person('lea');
    for await (const keys of api.redis.client.scanIterator({ MATCH: `${api.redis.key('session:')}*` })) {
      for (const key of keys) if ((await api.redis.client.get(key)) === id) await api.redis.client.del(key);
    }
    expect((await api.call('GET', '/api/v1/users/me', { as: id })).status).toBe(401);
  });
});
