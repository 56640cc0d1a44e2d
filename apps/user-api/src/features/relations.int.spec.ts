import type { UserId } from '@parley/domain';
import { eventually, newUserId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUserApi, type UserApiUnderTest } from '../testing/user-api.spec.ts';

describe('contacts and blocks', () => {
  let api: UserApiUnderTest;
  let ada: UserId;
  let bob: UserId;
  let eve: UserId;
  beforeAll(async () => {
    api = await startUserApi();
    [ada, bob, eve] = [await api.person('ada'), await api.person('bob'), await api.person('eve')];
  });
  afterAll(() => api?.end());

  const list = async (as: UserId, kind: 'contacts' | 'blocks') =>
    (await api.call('GET', `/api/v1/users/${kind}`, { as })).json[kind].map(({ username }) => username);
  const blockEvents = () =>
    api.events.flatMap((event) =>
      event.type === 'user.blocked' || event.type === 'user.unblocked'
        ? [[event.type, event.payload.userId, event.payload.blockedUserId]]
        : [],
    );

  it.each(['contacts', 'blocks'] as const)(
    'keeps %s of one’s own, however often they are put and deleted',
    async (kind) => {
      expect(await list(ada, kind)).toEqual([]);
      for (const other of [bob, eve, bob]) {
        expect((await api.call('PUT', `/api/v1/users/${kind}/${other}`, { as: ada })).status).toBe(204);
      }
      expect(await list(ada, kind)).toEqual(['eve', 'bob']);
      expect(await list(bob, kind)).toEqual([]);
      for (let n = 0; n < 2; n += 1) {
        expect((await api.call('DELETE', `/api/v1/users/${kind}/${bob}`, { as: ada })).status).toBe(204);
      }
      expect(await list(ada, kind)).toEqual(['eve']);
      await api.call('DELETE', `/api/v1/users/${kind}/${eve}`, { as: ada });
      expect(await list(ada, kind)).toEqual([]);
    },
  );

  it.each(['contacts', 'blocks'] as const)('refuses oneself, nobody and nonsense in %s', async (kind) => {
    const put = async (id: string) => {
      const { status, json } = await api.call('PUT', `/api/v1/users/${kind}/${id}`, { as: ada });
      return [status, json.code];
    };
    expect(await put(ada)).toEqual([400, 'invalid_request']);
    expect(await put(newUserId())).toEqual([404, 'user_not_found']);
    expect(await put('nonsense')).toEqual([400, 'invalid_request']);
    const withBody = await api.call('PUT', `/api/v1/users/${kind}/${bob}`, { as: ada, body: { ownerId: eve } });
    expect(withBody.status).toBe(400);
    expect(await list(ada, kind)).toEqual([]);
  });

  it('takes a person who registered a moment ago', async () => {
    const { id } = api.auth.register('fresh');
    expect((await api.call('PUT', `/api/v1/users/contacts/${id}`, { as: ada })).status).toBe(204);
    expect(await list(ada, 'contacts')).toEqual(['fresh']);
  });

  it('tells of every block and unblock once, and of nothing that changed nothing', async () => {
    api.events.length = 0;
    const step = (method: string) => api.call(method, `/api/v1/users/blocks/${eve}`, { as: bob });
    await step('DELETE');
    await step('PUT');
    await step('PUT');
    await eventually(() => expect(blockEvents()).toEqual([['user.blocked', bob, eve]]));
    await step('DELETE');
    await step('DELETE');
    await eventually(() => expect(blockEvents()).toHaveLength(2));
    await step('PUT');
    await eventually(() => expect(blockEvents()).toHaveLength(3));
    expect(blockEvents().map(([type]) => type)).toEqual(['user.blocked', 'user.unblocked', 'user.blocked']);
    expect(new Set(api.events.map(({ id }) => id)).size).toBe(3);
    await eventually(async () =>
      expect(await api.database.blocks.countDocuments({ outbox: { $exists: true } })).toBe(0),
    );
  });

  it('makes one block and one event of many at once', async () => {
    api.events.length = 0;
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.call('PUT', `/api/v1/users/blocks/${ada}`, { as: eve })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(204));
    await eventually(() => expect(blockEvents()).toEqual([['user.blocked', eve, ada]]));
    expect(await list(eve, 'blocks')).toEqual(['ada']);
  });
});
