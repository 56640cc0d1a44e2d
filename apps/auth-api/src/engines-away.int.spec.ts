import { problem } from '@parley/contracts';
import { createTcpProxy, createTestEngines, eventually, type TcpProxy, type TestEngines } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, newName, PASSWORD, serveAuthApi, type AuthApi } from './auth-api.fixture.ts';
import { listenToEvents } from './events.fixture.ts';

let engines: TestEngines;
let api: AuthApi;
const proxies = {} as Record<'mongo' | 'redis' | 'rabbit', TcpProxy>;

/** `url` by way of a proxy that the spec can cut. */
async function through(name: keyof typeof proxies, url: string): Promise<string> {
  const target = new URL(url);
  proxies[name] = await createTcpProxy({ target: { host: target.hostname, port: Number(target.port) } });
  target.hostname = '127.0.0.1';
  target.port = String(proxies[name].port);
  return target.href;
}

beforeAll(async () => {
  engines = await createTestEngines();
  const env = {
    MONGO_URI: await through('mongo', engines.mongoUri),
    REDIS_URL: await through('redis', engines.redisUrl),
    RABBITMQ_URL: await through('rabbit', engines.rabbitUrl),
  };
  // Nothing is there at first: the service starts all the same.
  for (const proxy of Object.values(proxies)) proxy.cut();
  api = await serveAuthApi(engines, { env, until: [] });
});
afterAll(async () => {
  await api.close();
  await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
  await engines.dispose();
});

const untilUp = (...names: string[]) =>
  eventually(async () => {
    const { checks } = await api.readiness();
    expect(names.filter((name) => !checks[name])).toEqual([]);
  });
const untilDown = (name: string) => eventually(async () => expect((await api.readiness()).checks[name]).toBe(false));

describe('auth-api without its engines', () => {
  it('starts with none of them, alive and not ready, and takes people in as soon as MongoDB is there (faults 7, 8)', async () => {
    expect((await api.call('GET', '/health/live')).status).toBe(200);
    expect((await api.call('GET', '/health/ready')).status).toBe(503);
    const early = await api.post('login', { identifier: 'ada', password: PASSWORD });
    expect([early.status, problem.parse(early.json).code]).toEqual([503, 'unavailable']);

    proxies.mongo.restore();
    await untilUp('mongodb', 'signing_key');
    const { user, accessToken, refreshToken } = await api.register();
    expect((await api.refresh(refreshToken)).status).toBe(200);
    expect((await api.call('GET', `/internal/users/${user.id}`, undefined, bearer(accessToken))).status).toBe(200);

    // What was not told while the broker was away is told when it comes.
    const events = await listenToEvents(engines.rabbitUrl);
    proxies.redis.restore();
    proxies.rabbit.restore();
    await untilUp('mongodb', 'redis', 'rabbitmq', 'signing_key');
    await eventually(
      () => expect(events.of('user.registered').map(({ payload }) => payload.userId)).toContain(user.id),
      { timeoutMs: 15_000 },
    );
    await events.close();
  });

  it('answers 503 within some seconds while MongoDB is away, and works again by itself', async () => {
    const { user } = await api.register();
    proxies.mongo.cut();
    await untilDown('mongodb');
    const startedAt = performance.now();
    const username = newName();
    const away = [
      await api.post('login', { identifier: user.username, password: PASSWORD }),
      await api.post('register', { username, email: `${username}@example.org`, password: PASSWORD }),
    ];
    expect(away.map(({ status }) => status)).toEqual([503, 503]);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
    expect((await api.call('GET', '/.well-known/jwks.json')).status).toBe(200);

    proxies.mongo.restore();
    await untilUp('mongodb');
    await eventually(async () =>
      expect((await api.post('login', { identifier: user.username, password: PASSWORD })).status).toBe(200),
    );
  });

  it('signs in, refreshes and still throttles while Redis is away', async () => {
    const { user, refreshToken } = await api.register();
    proxies.redis.cut();
    await untilDown('redis');
    expect((await api.refresh(refreshToken)).status).toBe(200);
    expect((await api.post('login', { identifier: user.username, password: PASSWORD })).status).toBe(200);
    const wrong: number[] = [];
    for (let i = 0; i < 11; i += 1) {
      wrong.push((await api.post('login', { identifier: user.username, password: 'wrong password' })).status);
    }
    expect(wrong).toEqual([...Array<number>(10).fill(401), 429]);
    proxies.redis.restore();
    await untilUp('redis');
  });
});
