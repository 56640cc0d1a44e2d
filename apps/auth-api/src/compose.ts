import { availableParallelism } from 'node:os';
import type { SessionId, UserId } from '@parley/domain';
import { connectMongo, createOutboxRelay } from '@parley/mongo';
import { connectRabbit, consume, createPublisher } from '@parley/rabbitmq';
import { connectRedis, createRateLimiter, createSessionStore } from '@parley/redis';
import {
  createHealth,
  createLogger,
  createMetrics,
  createShutdown,
  EnvError,
  type Clock,
  type Health,
  type Logger,
  type Shutdown,
} from '@parley/service-kit';
import type { Express } from 'express';
import { v7 as uuidv7 } from 'uuid';
import { createApp } from './app.ts';
import type { Env } from './env.ts';
import { createApplyUserUpdated } from './features/accounts/apply-user-updated.ts';
import { createPasswordHasher } from './features/accounts/password-hasher.ts';
import { createThrottle } from './features/accounts/throttle.ts';
import { ensureUserIndexes, type UserDocument } from './features/accounts/user-document.ts';
import { userRegistered } from './features/accounts/user-registered.ts';
import { createSigningKey, keptPrivateKey, type SigningKeyDocument } from './features/keys/signing-key.ts';
import { ensureSessionIndexes, type SessionDocument } from './features/sessions/session-document.ts';
import { sessionRevoked } from './features/sessions/session-revoked.ts';

const SERVICE = 'auth-api';
const QUARTER_HOUR = 15 * 60;
/** More at once than cores is no faster. libuv's pool has four threads; one is left for name lookups and files. */
const HASHES_AT_ONCE = Math.min(3, availableParallelism());
/** Some ten seconds of hashing on two cores: whoever comes later, or waits longer, had better try again. */
const HASHES_WAITING = { queue: 500, maxWaitMs: 15_000 };

/** Everything of this service put together, connecting in the background; nothing listens yet. */
export async function compose(
  env: Env,
  clock: Clock = () => new Date(),
): Promise<{ app: Express; health: Health; shutdown: Shutdown; logger: Logger }> {
  const logger = createLogger({ service: SERVICE, level: env.LOG_LEVEL });
  const metrics = createMetrics({ service: SERVICE });
  const health = createHealth();
  const shutdown = createShutdown({ logger, metrics });

  const signingKey = createSigningKey({ issuer: env.JWT_ISSUER, audience: env.JWT_AUDIENCE });
  if (env.JWT_PRIVATE_KEY !== undefined) await loadGivenKey(env.JWT_PRIVATE_KEY, signingKey.load);
  const passwords = await createPasswordHasher({ concurrency: HASHES_AT_ONCE, ...HASHES_WAITING });

  const engine = { logger, health, shutdown };
  const mongo = connectMongo({ ...engine, uri: env.MONGO_URI, database: env.MONGO_DATABASE, appName: SERVICE });
  const redis = connectRedis({ ...engine, url: env.REDIS_URL, keyPrefix: env.REDIS_KEY_PREFIX, name: SERVICE });
  const rabbit = connectRabbit({ ...engine, url: env.RABBITMQ_URL, name: SERVICE, metrics });

  const users = mongo.db.collection<UserDocument>('users');
  const sessions = mongo.db.collection<SessionDocument>('sessions');
  health.add('signing_key', signingKey.isLoaded);
  mongo.onUp(async () => {
    await Promise.all([ensureUserIndexes(users), ensureSessionIndexes(sessions)]);
    if (signingKey.isLoaded()) return;
    await signingKey.load(await keptPrivateKey(mongo.db.collection<SigningKeyDocument>('signing_keys')));
  });

  const publisher = createPublisher(rabbit, { exchange: 'auth.events' });
  shutdown.add('publisher', publisher.close);
  const userRelay = createOutboxRelay<UserDocument>({
    collection: users,
    deliver: (user) => publisher.publish(userRegistered(user)),
    clear: (user) => ({ _id: user._id }),
    isAway: () => !rabbit.isUp(),
    logger,
    metrics,
  });
  const sessionRelay = createOutboxRelay<SessionDocument>({
    collection: sessions,
    deliver: (session) => publisher.publish(sessionRevoked(session)),
    clear: (session) => ({ _id: session._id }),
    isAway: () => !rabbit.isUp(),
    logger,
    metrics,
  });
  for (const relay of [userRelay, sessionRelay]) {
    relay.start();
    shutdown.add('outbox relay', relay.stop);
  }

  const applyUserUpdated = createApplyUserUpdated(users);
  const userUpdates = consume(rabbit, {
    queue: 'auth.user-updated',
    bindings: [{ exchange: 'user.events', keys: ['user.updated'] }],
    handle: async (event) => {
      if (event.type === 'user.updated') await applyUserUpdated(event);
    },
  });
  shutdown.add('user updates', userUpdates.close);

  const limit = (name: string, points: number, durationSeconds: number) =>
    createRateLimiter(redis, { name, points, durationSeconds });
  const app = createApp({
    logger,
    metrics,
    health,
    clock,
    newUserId: () => uuidv7() as UserId,
    newSessionId: () => uuidv7() as SessionId,
    users,
    sessions,
    userRelay,
    sessionRelay,
    sessionStore: createSessionStore(redis),
    signingKey,
    passwords,
    throttle: createThrottle({
      account: limit('login-account', env.LOGIN_ATTEMPTS_PER_ACCOUNT, QUARTER_HOUR),
      anywhere: limit('login-anywhere', env.LOGIN_ATTEMPTS_ACROSS_ADDRESSES, QUARTER_HOUR),
      network: limit('login-network', env.LOGIN_ATTEMPTS_PER_IP, QUARTER_HOUR),
      registrations: limit('registrations', env.REGISTRATIONS_PER_IP, 3_600),
    }),
    issuer: env.JWT_ISSUER,
    audience: env.JWT_AUDIENCE,
    publicOrigins: env.PUBLIC_ORIGINS,
    isProduction: env.isProduction,
  });
  return { app, health, shutdown, logger };
}

async function loadGivenKey(privateKeyPem: string, load: (pem: string) => Promise<void>): Promise<void> {
  try {
    await load(privateKeyPem);
  } catch (error) {
    throw new EnvError('JWT_PRIVATE_KEY: is no PKCS#8 PEM of a P-256 key', { cause: error });
  }
}
