import { createAccessTokenStrategy, createKeySource } from '@parley/auth-tokens';
import { listen } from '@parley/http-server';
import { connectMongo } from '@parley/mongo';
import { createObjectStorage, s3Options } from '@parley/object-storage';
import { connectRabbit, consume, createPublisher, createRpcClient, serveRpc, watchDeadLetters } from '@parley/rabbitmq';
import { connectRedis, createSessionStore } from '@parley/redis';
import {
  createHealth,
  retryUntil,
  untilReady,
  type Clock,
  type Logger,
  type Metrics,
  type Shutdown,
} from '@parley/service-kit';
import { createApp } from './app.ts';
import { createCommandErrorSink, createCommandHandlers } from './commands.ts';
import type { Env } from './env.ts';
import { BLOCKS_BINDINGS, BLOCKS_QUEUE, createBlocksHandler } from './features/blocks/consume-blocks.ts';
import { createPrivacyHandler, PRIVACY_BINDINGS, PRIVACY_QUEUE } from './features/privacy/consume-privacy.ts';
import { createPersonExists } from './features/people/find-person.ts';
import { createAvatarsShown } from './features/upload-claims/avatars-shown.ts';
import { createChatService } from './service.ts';

/** A form with a picture in it comes as slowly as its sender's connection is; the gateway is quicker with all else. */
const FORM_MS_MAX = 300_000;

/**
 * Starts one instance of chat-api: engines connect in the background, so it is up within seconds and ready when they are.
 * What is added to `shutdown` ends in reverse: first no more requests and commands, then the outbox, then the engines.
 *
 * @returns the port it listens on
 * @throws the system's error when the port can't be had
 */
export async function startChatApi(o: {
  env: Env;
  logger: Logger;
  metrics: Metrics;
  shutdown: Shutdown;
  clock?: Clock;
}): Promise<number> {
  const { env, logger, metrics, shutdown } = o;
  const health = createHealth();
  const engine = { logger, health, shutdown };
  const mongo = connectMongo({ ...engine, uri: env.MONGO_URI, database: env.MONGO_DATABASE, appName: 'chat-api' });
  const redis = connectRedis({ ...engine, url: env.REDIS_URL, keyPrefix: env.REDIS_KEY_PREFIX, name: 'chat-api' });
  const rabbit = connectRabbit({ ...engine, url: env.RABBITMQ_URL, name: 'chat-api', metrics });

  shutdown.add('dead letters', watchDeadLetters(rabbit, { metrics }).close);
  const publisher = createPublisher(rabbit, { exchange: 'chat.events' });
  shutdown.add('publisher', publisher.close);
  // No part of readiness: without it people can still write.
  const clock = o.clock ?? (() => new Date());
  const storage = createObjectStorage({ ...s3Options(env), logger, metrics, shutdown, clock });
  const service = createChatService({
    mongo,
    storage,
    publish: publisher.publish,
    isBrokerAway: () => !rabbit.isUp(),
    personExists: createPersonExists({ userApiUrl: env.USER_API_URL, logger }),
    avatarsShown: createAvatarsShown(createRpcClient(rabbit, { queue: 'user.commands' })),
    sendRatePerSecond: env.SEND_RATE_PER_SECOND,
    clock,
    logger,
    metrics,
    health,
  });
  service.start();
  shutdown.add('outbox', service.stop);

  const ending = new AbortController();
  // Elsewhere the bucket is made, and its CORS set, by whoever deploys.
  if (env.NODE_ENV !== 'production') {
    const corsOrigins = env.PUBLIC_ORIGINS;
    const retry = { signal: ending.signal, minMs: 500, maxMs: 5_000 };
    retryUntil(() => storage.ensureBucket({ corsOrigins }), retry).catch(() => undefined);
  }
  const blocks = consume(rabbit, {
    queue: BLOCKS_QUEUE,
    bindings: BLOCKS_BINDINGS,
    handle: createBlocksHandler({ blocks: service.blocks, signal: ending.signal }),
  });
  const privacy = consume(rabbit, {
    queue: PRIVACY_QUEUE,
    bindings: PRIVACY_BINDINGS,
    handle: createPrivacyHandler({ privacy: service.privacy, signal: ending.signal }),
  });
  shutdown.add('events', async () => {
    ending.abort();
    await Promise.all([blocks.close(), privacy.close()]);
  });

  const app = createApp({
    useCases: service.useCases,
    present: service.present,
    strategy: createAccessTokenStrategy({
      keys: createKeySource({ jwksUrl: env.JWKS_URL, logger }),
      issuer: env.JWT_ISSUER,
      audience: env.JWT_AUDIENCE,
      isSessionLive: createSessionStore(redis).isLive,
    }),
    trustProxy: true,
    logger,
    metrics,
    health,
  });
  await untilReady(health);
  // Not before: what this instance can't serve yet another can.
  const commands = serveRpc(rabbit, {
    queue: 'chat.commands',
    handlers: createCommandHandlers(service.useCases, service.present),
    onError: createCommandErrorSink(logger),
  });
  shutdown.add('commands', commands.close);
  health.add('commands', commands.isUp);
  const server = await listen(app, { port: env.PORT, host: env.HOST, requestTimeoutMs: FORM_MS_MAX });
  shutdown.add('http', server.close);
  logger.info({ port: server.port }, 'chat-api listens');
  return server.port;
}
