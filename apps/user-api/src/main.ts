import { createAccessTokenStrategy, createKeySource } from '@parley/auth-tokens';
import { PRESENCE_TTL_MS } from '@parley/domain';
import { listen } from '@parley/http-server';
import { connectMongo, createOutboxRelay } from '@parley/mongo';
import { createObjectStorage, s3Options } from '@parley/object-storage';
import { connectRabbit, consume, createPublisher, serveRpc } from '@parley/rabbitmq';
import { connectRedis, createPresenceStore, createSessionStore } from '@parley/redis';
import { createHealth, createLogger, createMetrics, createShutdown, runMain, untilReady } from '@parley/service-kit';
import { createApp } from './app.ts';
import { ensureIndexes, userDatabase } from './database.ts';
import { readEnv } from './env.ts';
import { createAvatarUrl } from './features/avatars/avatar-urls.ts';
import { avatarCommands } from './features/avatars/avatars-shown.ts';
import { createUploadClaims } from './features/avatars/upload-claims.ts';
import { blockEvent } from './features/blocks/block-event.ts';
import { commandError, presenceCommands } from './features/presence/presence-commands.ts';
import { createUserPresenter } from './features/profiles/present-user.ts';
import { createRegistrationProjector } from './features/profiles/project-registrations.ts';
import { createRegisteredUsers } from './features/profiles/registered-users.ts';
import { userUpdatedEvent } from './features/profiles/user-updated-event.ts';
import { fillSearchPrefixes } from './features/search/fill-search-prefixes.ts';
import { createUseCases } from './use-cases.ts';

const NAME = 'user-api';

await runMain(NAME, async () => {
  const env = readEnv();
  const logger = createLogger({ service: NAME, level: env.LOG_LEVEL });
  const metrics = createMetrics({ service: NAME });
  const health = createHealth();
  const shutdown = createShutdown({ logger, metrics });
  shutdown.listen();
  const kit = { logger, health, shutdown };

  const mongo = connectMongo({ ...kit, uri: env.MONGO_URI, database: env.MONGO_DATABASE, appName: NAME });
  const redis = connectRedis({ ...kit, url: env.REDIS_URL, keyPrefix: env.REDIS_KEY_PREFIX, name: NAME });
  const rabbit = connectRabbit({ ...kit, url: env.RABBITMQ_URL, name: NAME, metrics });
  const database = userDatabase(mongo.db);
  mongo.onUp(async () => {
    await ensureIndexes(database);
    const filled = await fillSearchPrefixes(database.profiles);
    if (filled > 0) logger.info({ filled }, 'older profiles can be found now');
  });

  // Only signs URLs, which needs no connection: profiles show their pictures whether the bucket can be reached from here or not.
  const storage = createObjectStorage({ ...s3Options(env), logger, metrics, shutdown });
  const present = createUserPresenter({ avatarUrl: createAvatarUrl({ storage, clock: () => new Date() }) });

  const publisher = createPublisher(rabbit, { exchange: 'user.events' });
  shutdown.add('publisher', () => publisher.close());
  const profileRelay = createOutboxRelay({
    collection: database.profiles,
    deliver: async (profile) => publisher.publish(await userUpdatedEvent(profile, present)),
    clear: ({ version }) => ({ version }),
    isAway: () => !rabbit.isUp(),
    logger,
    metrics,
  });
  const blockRelay = createOutboxRelay({
    collection: database.blocks,
    deliver: (block) => publisher.publish(blockEvent(block)),
    clear: ({ version }) => ({ version }),
    isAway: () => !rabbit.isUp(),
    logger,
    metrics,
  });
  shutdown.add('outbox', async () => void (await Promise.all([profileRelay.stop(), blockRelay.stop()])));
  profileRelay.start();
  blockRelay.start();

  const presence = createPresenceStore(redis, { ttlMs: PRESENCE_TTL_MS });
  const useCases = createUseCases({
    database,
    registered: createRegisteredUsers({ authApiUrl: env.AUTH_API_URL }),
    uploads: createUploadClaims({ chatApiUrl: env.CHAT_API_URL }),
    present,
    online: (ids) => presence.online(ids),
    announceProfile: (profile) => profileRelay.nudge(profile),
    announceBlock: (block) => blockRelay.nudge(block),
    logger,
  });

  const stopping = new AbortController();
  const registrations = consume(rabbit, {
    queue: 'user.registrations',
    bindings: [{ exchange: 'auth.events', keys: ['user.registered'] }],
    handle: createRegistrationProjector({ profiles: database.profiles, signal: stopping.signal }),
  });
  shutdown.add('consumers', async () => {
    stopping.abort(new Error('shutting down'));
    await registrations.close();
  });

  const sessions = createSessionStore(redis);
  const strategy = createAccessTokenStrategy({
    keys: createKeySource({ jwksUrl: env.JWKS_URL, logger }),
    issuer: env.JWT_ISSUER,
    audience: env.JWT_AUDIENCE,
    isSessionLive: (sid) => sessions.isLive(sid),
  });
  const app = createApp({ useCases, strategy, logger, metrics, health });
  await untilReady(health);
  // Not before: what this instance can't serve yet another can.
  const commands = serveRpc(rabbit, {
    queue: 'user.commands',
    handlers: { ...presenceCommands(useCases.seePresence), ...avatarCommands(database) },
    onError: (error) => commandError(error, logger),
  });
  shutdown.add('commands', () => commands.close());
  health.add('commands', commands.isUp);
  const server = await listen(app, { port: env.PORT, host: env.HOST });
  shutdown.add('http', () => server.close());
  logger.info({ port: server.port }, 'listening');
});
