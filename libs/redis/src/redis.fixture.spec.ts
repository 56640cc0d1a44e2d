import { createLogger } from '@parley/service-kit';
import { createTestEngines, createTcpProxy, eventually, type TcpProxy, type TestEngines } from '@parley/testing';
import { connectRedis, type Redis } from './connect-redis.ts';

export type RedisUnderTest = { redis: Redis; proxy: TcpProxy; engines: TestEngines; end(): Promise<void> };

/** A connection to the run's Redis through a proxy that a test can cut, with keys of its own. */
export async function redisThroughProxy(o: { cut?: boolean } = {}): Promise<RedisUnderTest> {
  const engines = await createTestEngines({ redis: true });
  const { hostname, port } = new URL(engines.redisUrl);
  const proxy = await createTcpProxy({ target: { host: hostname, port: Number(port) } });
  if (o.cut) proxy.cut();
  const redis = connectRedis({
    url: `redis://127.0.0.1:${proxy.port}`,
    keyPrefix: engines.redisKeyPrefix,
    logger: createLogger({ service: 'test', level: 'silent' }),
    name: 'test',
  });
  if (!o.cut) await untilUp(redis);
  return {
    redis,
    proxy,
    engines,
    end: async () => {
      await redis.close();
      await proxy.close();
      await engines.dispose();
    },
  };
}

export const untilUp = (redis: Redis, isUp = true): Promise<void> =>
  eventually(() => {
    if (redis.isUp() !== isUp) throw new Error(`expected isUp() to be ${String(isUp)}`);
  });
