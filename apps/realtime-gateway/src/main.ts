import { randomUUID } from 'node:crypto';
import { createKeySource, verifyAccessToken } from '@parley/auth-tokens';
import { PRESENCE_TTL_MS } from '@parley/domain';
import { createHttpApp, listen } from '@parley/http-server';
import { connectRabbit, consumeGatewayQueue, createRpcClient } from '@parley/rabbitmq';
import { connectRedis, createPresenceStore, createSessionStore } from '@parley/redis';
import { createHealth, createLogger, createMetrics, createShutdown, runMain, untilReady } from '@parley/service-kit';
import { createGateway } from './app.ts';
import { createAsk } from './ask.ts';
import { readEnv } from './env.ts';
import { listenOn } from './listen-on.ts';
import { createGuardedAdapter } from './socket/redis-adapter.ts';
import { watchBroker } from './watch-broker.ts';

const SERVICE = 'realtime-gateway';
const GRACE_MS = 15_000;

await runMain(SERVICE, async () => {
  const env = readEnv();
  const bootId = randomUUID();
  const logger = createLogger({ service: SERVICE, level: env.LOG_LEVEL });
  const metrics = createMetrics({ service: SERVICE });
  const health = createHealth();
  const shutdown = createShutdown({ logger, graceMs: GRACE_MS, metrics });
  shutdown.listen();

  const rabbit = connectRabbit({ url: env.RABBITMQ_URL, name: SERVICE, logger, metrics, health, shutdown });
  const redis = connectRedis({
    url: env.REDIS_URL,
    keyPrefix: env.REDIS_KEY_PREFIX,
    name: SERVICE,
    logger,
    shutdown,
  });
  const sessions = createSessionStore(redis);
  const verify = verifyAccessToken({
    keys: createKeySource({ jwksUrl: env.JWKS_URL, logger }),
    issuer: env.JWT_ISSUER,
    audience: env.JWT_AUDIENCE,
    isSessionLive: sessions.isLive,
  });

  const commands = {
    chat: createRpcClient(rabbit, { queue: 'chat.commands' }),
    user: createRpcClient(rabbit, { queue: 'user.commands' }),
  };
  health.add('commands', () => commands.chat.isUp() && commands.user.isUp());

  const broadcasts = createGuardedAdapter({
    pub: redis.duplicate(`${SERVICE}-pub`),
    sub: redis.duplicate(`${SERVICE}-sub`),
    isUp: redis.isUp,
    key: redis.key('socket.io'),
    logger,
    metrics,
  });
  const gateway = createGateway({
    publicOrigins: env.PUBLIC_ORIGINS,
    upstreams: { auth: env.AUTH_API_URL, users: env.USER_API_URL, chat: env.CHAT_API_URL },
    trustedHops: env.TRUSTED_PROXY_HOPS,
    eventLimits: { perSecond: env.SOCKET_EVENTS_PER_SECOND, burst: env.SOCKET_EVENTS_BURST },
    verifyToken: async (token) => {
      const claims = await verify(token);
      return claims && { userId: claims.sub, sessionId: claims.sid };
    },
    isSessionLive: sessions.isLive,
    ask: createAsk(commands),
    presence: createPresenceStore(redis, { ttlMs: PRESENCE_TTL_MS }),
    adapter: broadcasts.adapter,
    logger,
    metrics,
    clock: () => new Date(),
  });

  health.add('accepting', gateway.isAccepting);

  watchBroker(rabbit.connection, bootId, gateway, logger);
  const consumer = consumeGatewayQueue(rabbit, {
    bootId,
    bindings: gateway.bindings,
    prefetch: 200,
    handle: gateway.handleEvent,
  });
  shutdown.add('gateway queue', () => consumer.close());
  health.add('pushes', consumer.isUp);

  const own = createHttpApp({ service: SERVICE, logger, metrics, health, routes: () => undefined });
  const internal = await listen(own, { host: env.HEALTH_HOST, port: env.HEALTH_PORT });
  shutdown.add('health', () => internal.close());

  const toListen = createHealth();
  toListen.add('services', async () => (await health.ready()).ok);
  // No part of readiness, for a gateway serves without Redis too; but until it is there, typing reaches nobody on another gateway.
  toListen.add('broadcasts', broadcasts.isUp);
  await untilReady(toListen);
  const port = await listenOn(gateway.http, { host: env.HOST, port: env.PORT });
  shutdown.add('sockets', () => gateway.close());
  logger.info({ port, healthPort: internal.port, bootId }, 'listening');
});
