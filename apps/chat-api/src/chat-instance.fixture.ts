import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTokenIssuer, generatePrivateKeyPem } from '@parley/auth-tokens';
import type { ParleyEvent } from '@parley/rabbitmq';
import { connectRabbit, consumeGatewayQueue, createPublisher, createRpcClient } from '@parley/rabbitmq';
import type { ChatId, UserId } from '@parley/domain';
import { connectRedis, createSessionStore } from '@parley/redis';
import { createLogger, createMetrics, createShutdown, type Clock } from '@parley/service-kit';
import {
  createTestEngines,
  eventually,
  type EngineChoice,
  newClientMessageId,
  newSessionId,
  newUserId,
} from '@parley/testing';
import { readEnv, type Env } from './env.ts';
import { startChatApi } from './start.ts';

const logger = createLogger({ service: 'spec', level: 'silent' });

export type Answer = { status: number; body: never };
export type Person = { id: UserId; token: string };
export type Instance = { url: string; stop(): Promise<void> };

/** What the specs of chat-api share: engines of their own, people with tokens, and instances of the service on them. */
export async function createChatWorld(choice: EngineChoice = {}) {
  const engines = await createTestEngines(choice);
  const issuer = await createTokenIssuer({
    privateKeyPem: await generatePrivateKeyPem(),
    issuer: 'parley',
    audience: 'parley',
  });
  const people = new Set<string>();
  const neighbours = await serveNeighbours(people, issuer.jwks());
  const redis = connectRedis({ url: engines.redisUrl, keyPrefix: engines.redisKeyPrefix, logger, name: 'spec' });
  const sessions = createSessionStore(redis);
  const instances: Instance[] = [];

  const env = (overrides: Partial<Env> = {}): Env => ({
    ...readEnv({
      NODE_ENV: 'test',
      PORT: '0',
      MONGO_URI: engines.mongoUri,
      MONGO_DATABASE: engines.database,
      RABBITMQ_URL: engines.rabbitUrl,
      REDIS_URL: engines.redisUrl,
      REDIS_KEY_PREFIX: engines.redisKeyPrefix,
      JWKS_URL: `${neighbours.url}/.well-known/jwks.json`,
      USER_API_URL: neighbours.url,
      S3_ENDPOINT: engines.s3.endpoint,
      S3_BUCKET_NAME: engines.s3.bucket,
      S3_REGION: engines.s3.region,
      S3_ACCESS_KEY: engines.s3.accessKey,
      S3_SECRET_KEY: engines.s3.secretKey,
    }),
    ...overrides,
  });

  return {
    engines,
    env,
    sessions,
    neighbours,
    start: async (o: { env?: Partial<Env>; clock?: Clock; awaitReady?: boolean } = {}): Promise<Instance> => {
      const shutdown = createShutdown({ logger });
      const options = { env: env(o.env), logger, shutdown, metrics: createMetrics({ service: 'chat-api' }) };
      const port = await startChatApi(o.clock ? { ...options, clock: o.clock } : options);
      const instance = { url: `http://127.0.0.1:${port}`, stop: () => shutdown.run('spec') };
      instances.push(instance);
      if (o.awaitReady ?? true) await isReady(instance);
      return instance;
    },
    person: async (): Promise<Person> => {
      const [id, sid] = [newUserId(), newSessionId()];
      people.add(id);
      await eventually(() => sessions.put(sid, id, 600));
      return { id, token: (await issuer.issue(id, sid)).accessToken };
    },
    dispose: async () => {
      await Promise.all(instances.map(({ stop }) => stop()));
      await redis.close();
      neighbours.server.close();
      await engines.dispose();
    },
  };
}
export type ChatWorld = Awaited<ReturnType<typeof createChatWorld>>;

/** Waits long enough for a process to start on a machine that is busy with other specs. */
export async function isReady({ url }: Pick<Instance, 'url'>): Promise<void> {
  await eventually(
    async () => {
      const answer = await fetch(`${url}/health/ready`);
      if (!answer.ok) throw new Error(`not ready: ${await answer.text()}`);
    },
    { timeoutMs: 40_000 },
  );
}

/** Stand-ins for the two neighbours that chat-api asks over HTTP: auth-api's keys, and user-api's "who is that". */
async function serveNeighbours(
  people: Set<string>,
  jwks: object,
): Promise<{ url: string; server: Server; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const [, userId] = /^\/api\/v1\/users\/([^/]+)$/.exec(request.url ?? '') ?? [];
    if (userId) asked.push(`${userId} ${request.headers.authorization}`);
    const isKnown = request.url === '/.well-known/jwks.json' || (userId !== undefined && people.has(userId));
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(userId ? { user: { id: userId } } : jwks));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked };
}

export async function request(
  instance: Pick<Instance, 'url'>,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  path: string,
  o: { as?: Person; body?: unknown } = {},
): Promise<Answer> {
  const answer = await fetch(instance.url + path, {
    method,
    headers: {
      ...(o.as ? { authorization: `Bearer ${o.as.token}` } : {}),
      ...(o.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(o.body === undefined ? {} : { body: JSON.stringify(o.body) }),
  });
  return { status: answer.status, body: (await answer.json()) as never };
}

export const get = (instance: Pick<Instance, 'url'>, path: string, as?: Person) =>
  request(instance, 'GET', path, as ? { as } : {});
export const post = (instance: Pick<Instance, 'url'>, path: string, body: unknown, as?: Person) =>
  request(instance, 'POST', path, as ? { as, body } : { body });

/** Opens a chat for what a spec is about; as any client would, it asks again while an engine that all specs share is too busy to answer. */
export async function openChat(instance: Instance, as: Person, other: Person, tries = 5): Promise<ChatId> {
  const { status, body } = await post(instance, '/api/v1/chat/new', { userId: other.id }, as);
  if (status === 503 && tries > 1) return await openChat(instance, as, other, tries - 1);
  if (status !== 201 && status !== 200) throw new Error(`chat not opened: ${status} ${JSON.stringify(body)}`);
  return (body as { chat: { id: ChatId } }).chat.id;
}

export const send = (instance: Pick<Instance, 'url'>, as: Person, chatId: ChatId, text: string, more: object = {}) =>
  post(instance, '/api/v1/chat/message', { chatId, clientMessageId: newClientMessageId(), text, ...more }, as);

/** A listener of everything on chat.events, a publisher on user.events and an RPC client, as gateway and user-api have them. */
export async function createBrokerPeers(rabbitUrl: string) {
  const rabbit = connectRabbit({ url: rabbitUrl, name: 'spec', logger });
  const events: ParleyEvent[] = [];
  const listener = consumeGatewayQueue(rabbit, {
    bootId: 'spec',
    bindings: [{ exchange: 'chat.events', keys: ['#'] }],
    handle: async (event) => void events.push(event),
  });
  await listener.ready();
  return {
    events,
    userEvents: createPublisher(rabbit, { exchange: 'user.events' }),
    rpc: createRpcClient(rabbit, { queue: 'chat.commands' }),
    close: rabbit.close,
  };
}

/** The changes that a member may make to a message. */
export const edit = (instance: Pick<Instance, 'url'>, as: Person, messageId: string, text: string) =>
  request(instance, 'PATCH', `/api/v1/chat/message/${messageId}`, { as, body: { text } });
export const remove = (instance: Pick<Instance, 'url'>, as: Person, messageId: string) =>
  request(instance, 'DELETE', `/api/v1/chat/message/${messageId}`, { as });
export const react = (
  instance: Pick<Instance, 'url'>,
  as: Person,
  messageId: string,
  emoji: string,
  method: 'PUT' | 'DELETE' = 'PUT',
) => request(instance, method, `/api/v1/chat/message/${messageId}/reactions/${encodeURIComponent(emoji)}`, { as });
