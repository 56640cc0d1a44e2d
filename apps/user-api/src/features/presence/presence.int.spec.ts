import type { UserId } from '@parley/domain';
import { createRpcClient, type RpcClient } from '@parley/rabbitmq';
import { eventually, newUserId } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUserApi, type UserApiUnderTest } from '../../testing/user-api.spec.ts';

const HIDDEN = { online: false, lastSeenAt: null };
const ONLINE = { online: true, lastSeenAt: null };

describe('presence', () => {
  let api: UserApiUnderTest;
  let gateway: RpcClient<'user.commands'>;
  let ada: UserId;
  let bob: UserId;
  beforeAll(async () => {
    api = await startUserApi();
    gateway = createRpcClient(api.rabbit, { queue: 'user.commands' });
    [ada, bob] = [await api.person('ada'), await api.person('bob')];
    await api.presence.touch(ada, 'socket');
  });
  afterAll(async () => {
    await gateway?.close();
    await api?.end();
  });

  const seenBy = async (as: UserId, id: UserId) => {
    const { status, json } = await api.call('GET', `/api/v1/users/presence?ids=${id}`, { as });
    expect(status).toBe(200);
    const commanded = await eventually(() => gateway.call('user.presence', { callerId: as, userIds: [id] }));
    // Both ways agree; the gateway's leaves out what is hidden.
    expect(commanded.presence[id] ?? HIDDEN).toEqual(json.presence[id]);
    return json.presence[id];
  };
  const setAudience = (as: UserId, lastSeen: string) =>
    api.call('PATCH', '/api/v1/users/me', { as, body: { privacy: { lastSeen } } });

  it('shows who is online, and when who is not was last seen', async () => {
    expect(await seenBy(bob, ada)).toEqual(ONLINE);
    const gone = await api.person('gone');
    await api.presence.touch(gone, 'socket');
    const { lastSeenAt } = await api.presence.remove(gone, 'socket');
    expect(await seenBy(bob, gone)).toEqual({ online: false, lastSeenAt: lastSeenAt.toISOString() });
    expect(await seenBy(bob, newUserId())).toEqual(HIDDEN);
  });

  it('keeps to the audience that a person chose', async () => {
    await setAudience(ada, 'nobody');
    expect(await seenBy(bob, ada)).toEqual(HIDDEN);
    expect(await seenBy(ada, ada)).toEqual(ONLINE);
    await setAudience(ada, 'contacts');
    expect(await seenBy(bob, ada)).toEqual(HIDDEN);
    await api.call('PUT', `/api/v1/users/contacts/${ada}`, { as: bob });
    expect(await seenBy(bob, ada)).toEqual(HIDDEN);
    await api.call('PUT', `/api/v1/users/contacts/${bob}`, { as: ada });
    expect(await seenBy(bob, ada)).toEqual(ONLINE);
    await api.call('DELETE', `/api/v1/users/contacts/${bob}`, { as: ada });
    expect(await seenBy(bob, ada)).toEqual(HIDDEN);
    await setAudience(ada, 'everyone');
    expect(await seenBy(bob, ada)).toEqual(ONLINE);
    expect((await gateway.call('user.presence', { callerId: bob, userIds: [ada, bob] })).presence).toMatchObject({
      [ada]: ONLINE,
    });
  });

  it('hides a block’s two sides from each other', async () => {
    const carl = await api.person('carl');
    await api.presence.touch(carl, 'socket');
    await api.call('PUT', `/api/v1/users/blocks/${carl}`, { as: ada });
    expect(await seenBy(ada, carl)).toEqual(HIDDEN);
    expect(await seenBy(carl, ada)).toEqual(HIDDEN);
    await api.call('DELETE', `/api/v1/users/blocks/${carl}`, { as: ada });
    expect(await seenBy(carl, ada)).toEqual(ONLINE);
  });

  it('answers for 200 at once, and refuses more and nonsense', async () => {
    const ids = [ada, ...Array.from({ length: 199 }, newUserId)];
    const many = await api.call('GET', `/api/v1/users/presence?ids=${ids.join(',')}`, { as: bob });
    expect(Object.keys(many.json.presence)).toHaveLength(200);
    for (const query of [`ids=${[...ids, newUserId()].join(',')}`, 'ids=x', 'ids=', '', `ids=${ada}&x=1`]) {
      expect((await api.call('GET', `/api/v1/users/presence?${query}`, { as: bob })).status).toBe(400);
    }
  });
});
