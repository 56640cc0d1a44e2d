import type { BrokerEvent, OwnUser, PublicUser } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { connectMongo, type Mongo } from '@parley/mongo';
import { connectRabbit, consume, type Rabbit } from '@parley/rabbitmq';
import { connectRedis, createPresenceStore, createSessionStore, type PresenceStore, type Redis } from '@parley/redis';
import { createLogger } from '@parley/service-kit';
import { createTestEngines, eventually, newSessionId, testIssuer, type TestEngines } from '@parley/testing';
import { userDatabase, type UserDatabase } from '../database.ts';
import { authApiStandIn, type AuthApiStandIn } from './auth-api-stand-in.spec.ts';
import { chatApiStandIn, type ChatApiStandIn } from './chat-api-stand-in.spec.ts';
import { runMainProcess, type RunningMain } from './run-main.spec.ts';

export type Answer = {
  status: number;
  headers: Headers;
  /** What an answer of this service may have; a test reads what it expects. */
  json: {
    user: OwnUser;
    users: PublicUser[];
    contacts: PublicUser[];
    blocks: PublicUser[];
    presence: Record<string, { online: boolean; lastSeenAt: string | null }>;
    nextCursor: string | null;
    code: string;
    errors: { path: string }[];
  };
};

export type UserApiUnderTest = {
  main: RunningMain;
  engines: TestEngines;
  auth: AuthApiStandIn;
  chat: ChatApiStandIn;
  mongo: Mongo;
  database: UserDatabase;
  redis: Redis;
  presence: PresenceStore;
  rabbit: Rabbit;
  /** Everything that came over user.events. */
  events: BrokerEvent[];
  /** A request; without `as` it is anonymous. */
  call(method: string, path: string, o?: { as?: UserId; token?: string; body?: unknown }): Promise<Answer>;
  /** Somebody who registered, and whose profile is here already. */
  person(username: string, displayName?: string): Promise<UserId>;
  end(): Promise<void>;
};

/**
 * user-api as a process on the run's real engines, in a database, virtual host and key space of this spec's own.
 * @param change what the process gets instead of the engines' own addresses, such as those of proxies
 */
export async function startUserApi(
  change: (engines: TestEngines) => Promise<Record<string, string>> = async () => ({}),
): Promise<UserApiUnderTest> {
  const engines = await createTestEngines();
  const { issuer, jwks } = await testIssuer();
  const auth = await authApiStandIn(jwks);
  const chat = await chatApiStandIn();
  const main = await runMainProcess({
    MONGO_URI: engines.mongoUri,
    MONGO_DATABASE: engines.database,
    RABBITMQ_URL: engines.rabbitUrl,
    REDIS_URL: engines.redisUrl,
    REDIS_KEY_PREFIX: engines.redisKeyPrefix,
    AUTH_API_URL: auth.url,
    CHAT_API_URL: chat.url,
    S3_ENDPOINT: engines.s3.endpoint,
    S3_BUCKET_NAME: engines.s3.bucket,
    S3_REGION: engines.s3.region,
    S3_ACCESS_KEY: engines.s3.accessKey,
    S3_SECRET_KEY: engines.s3.secretKey,
    JWKS_URL: `${auth.url}/.well-known/jwks.json`,
    ...(await change(engines)),
  });

  const kit = { logger: createLogger({ service: 'spec', level: 'silent' }) };
  const mongo = connectMongo({ ...kit, uri: engines.mongoUri, database: engines.database, appName: 'spec' });
  const redis = connectRedis({ ...kit, url: engines.redisUrl, keyPrefix: engines.redisKeyPrefix, name: 'spec' });
  const rabbit = connectRabbit({ ...kit, url: engines.rabbitUrl, name: 'spec' });
  const events: BrokerEvent[] = [];
  const listener = consume(rabbit, {
    queue: 'spec.events',
    bindings: [{ exchange: 'user.events', keys: ['#'] }],
    handle: async (event) => void events.push(event),
  });
  await Promise.all([mongo.ready(), listener.ready(), eventually(() => redis.client.ping())]);

  const sessions = createSessionStore(redis);
  const tokens = new Map<UserId, Promise<string>>();
  const signIn = async (id: UserId): Promise<string> => {
    const sid = newSessionId();
    await sessions.put(sid, id, 600);
    return issuer.tokenFor(id, sid);
  };
  const tokenOf = (id: UserId): Promise<string> => {
    const token = tokens.get(id) ?? signIn(id);
    tokens.set(id, token);
    return token;
  };

  const call: UserApiUnderTest['call'] = async (method, path, { as, token, body } = {}) => {
    const bearer = token ?? (as && (await tokenOf(as)));
    const answer = await fetch(`http://127.0.0.1:${main.port}${path}`, {
      method,
      headers: {
        ...(bearer ? { authorization: `Bearer ${bearer}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, json: (text ? JSON.parse(text) : {}) as Answer['json'] };
  };

  return {
    main,
    engines,
    auth,
    chat,
    mongo,
    database: userDatabase(mongo.db),
    redis,
    presence: createPresenceStore(redis, { ttlMs: 45_000 }),
    rabbit,
    events,
    call,
    person: async (username, displayName) => {
      const { id } = auth.register(username, displayName);
      const { status } = await call('GET', '/api/v1/users/me', { as: id });
      if (status !== 200) throw new Error(`could not make ${username}: ${status}`);
      return id;
    },
    end: async () => {
      await main.stop();
      await Promise.all([mongo.close(), redis.close(), listener.close()]);
      await rabbit.close();
      await Promise.all([auth.close(), chat.close()]);
      await engines.dispose();
    },
  };
}
