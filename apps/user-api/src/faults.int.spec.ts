import { newUserId, createTcpProxy, eventually, type TcpProxy } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startUserApi, type UserApiUnderTest } from './testing/user-api.spec.ts';

const through = async (address: string): Promise<{ proxy: TcpProxy; url: string }> => {
  const url = new URL(address);
  const proxy = await createTcpProxy({ target: { host: url.hostname, port: Number(url.port) } });
  url.port = String(proxy.port);
  return { proxy, url: url.href };
};

describe('user-api when an engine is away', () => {
  let api: UserApiUnderTest;
  let mongo: TcpProxy;
  let redis: TcpProxy;
  let rabbit: TcpProxy;
  beforeAll(async () => {
    api = await startUserApi(async (engines) => {
      const ways = await Promise.all([engines.mongoUri, engines.redisUrl, engines.rabbitUrl].map(through));
      const [mongoWay, redisWay, rabbitWay] = ways as [(typeof ways)[0], (typeof ways)[0], (typeof ways)[0]];
      [mongo, redis, rabbit] = [mongoWay.proxy, redisWay.proxy, rabbitWay.proxy];
      // Nothing is there at boot.
      for (const proxy of [mongo, redis, rabbit]) proxy.cut();
      return { MONGO_URI: mongoWay.url, REDIS_URL: redisWay.url, RABBITMQ_URL: rabbitWay.url };
    });
  });
  afterAll(async () => {
    await api?.end();
    await Promise.all([mongo, redis, rabbit].map((proxy) => proxy?.close()));
  });

  const readiness = async () => (await fetch(`http://127.0.0.1:${api.main.port}/health/ready`)).status;

  it('starts without any of them, says that it is not ready, and becomes ready when they come', async () => {
    expect(await readiness()).toBe(503);
    expect((await fetch(`http://127.0.0.1:${api.main.port}/health/live`)).status).toBe(200);
    const { id } = api.auth.register('early');
    const early = await api.call('GET', '/api/v1/users/me', { as: id });
    expect([early.status, early.json.code]).toEqual([503, 'unavailable']);
    for (const proxy of [mongo, redis, rabbit]) proxy.restore();
    await eventually(async () => expect(await readiness()).toBe(200), { timeoutMs: 20_000 });
    expect((await api.call('GET', '/api/v1/users/me', { as: id })).status).toBe(200);
  });

  it('serves everything without Redis: nobody is online then', async () => {
    const [ada, bob] = [await api.person('ada'), await api.person('bob')];
    await api.presence.touch(ada, 'socket');
    redis.cut();
    await eventually(async () => {
      const { status, json } = await api.call('GET', `/api/v1/users/presence?ids=${ada}`, { as: bob });
      expect([status, json.presence[ada]]).toEqual([200, { online: false, lastSeenAt: null }]);
    });
    expect((await api.call('GET', '/api/v1/users/search?q=ada', { as: bob })).json.users).toHaveLength(1);
    redis.restore();
    await eventually(async () => {
      const { json } = await api.call('GET', `/api/v1/users/presence?ids=${ada}`, { as: bob });
      expect(json.presence[ada]?.online).toBe(true);
    });
  });

  it('takes changes without RabbitMQ, and tells of them when it is back', async () => {
    const [ada, bob] = [await api.person('ada2'), await api.person('bob2')];
    rabbit.cut();
    await eventually(async () => expect(await readiness()).toBe(503));
    api.events.length = 0;
    expect((await api.call('PATCH', '/api/v1/users/me', { as: ada, body: { bio: 'offline' } })).status).toBe(200);
    expect((await api.call('PUT', `/api/v1/users/blocks/${bob}`, { as: ada })).status).toBe(204);
    expect(api.events).toEqual([]);
    rabbit.restore();
    await eventually(
      () => expect(api.events.map(({ type }) => type).sort()).toEqual(['user.blocked', 'user.updated']),
      {
        timeoutMs: 20_000,
      },
    );
  });

  it('answers 503 without MongoDB, lives, and recovers', async () => {
    const ada = await api.person('ada3');
    mongo.cut();
    const away = await api.call('GET', '/api/v1/users/me', { as: ada });
    expect([away.status, away.json.code]).toEqual([503, 'unavailable']);
    expect((await fetch(`http://127.0.0.1:${api.main.port}/health/live`)).status).toBe(200);
    mongo.restore();
    await eventually(async () => expect((await api.call('GET', '/api/v1/users/me', { as: ada })).status).toBe(200));
  });

  it('tells of a change that was stored by a process that was killed before it published', async () => {
    const ada = await api.person('ada4');
    const at = new Date();
    const changed = { bio: 'left behind', updatedAt: at, outbox: { at, privacyChanged: true } };
    await api.database.profiles.updateOne({ _id: ada }, { $set: changed, $inc: { version: 1 } });
    await eventually(
      () => {
        const told = api.events.find((event) => event.type === 'user.updated' && event.payload.userId === ada);
        expect(told).toMatchObject({
          id: `user.updated:${ada}:2`,
          payload: { bio: 'left behind', privacyChanged: true },
        });
      },
      { timeoutMs: 20_000 },
    );
  });

  it('knows what it knows without auth-api, and does not take for nobody whom it can’t ask about', async () => {
    const ada = await api.person('ada5');
    await api.auth.close();
    expect((await api.call('GET', '/api/v1/users/me', { as: ada })).status).toBe(200);
    const unknown = await api.call('GET', `/api/v1/users/${newUserId()}`, { as: ada });
    expect([unknown.status, unknown.json.code]).toEqual([503, 'unavailable']);
    const many = await api.call('GET', `/api/v1/users?ids=${newUserId()},${ada}`, { as: ada });
    expect(many.json.users.map(({ id }) => id)).toEqual([ada]);
    expect((await api.call('GET', '/api/v1/users/search?q=nobody.known', { as: ada })).json.users).toEqual([]);
  });

  it('ends with exit code 0 when told to', async () => {
    expect(await api.main.stop()).toBe(0);
  });
});
