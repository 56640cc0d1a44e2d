import { randomUUID } from 'node:crypto';
import type { Ack, ServerEventName, ServerEventPayload } from '@parley/contracts';
import { PRESENCE_TTL_MS } from '@parley/domain';
import { connectRabbit, consumeGatewayQueue, createRpcClient } from '@parley/rabbitmq';
import { connectRedis, createPresenceStore } from '@parley/redis';
import { createHealth, createMetrics, untilReady } from '@parley/service-kit';
import { io, type Socket } from 'socket.io-client';
import { createGateway, type Gateway, type Timings } from './app.ts';
import { createAsk } from './ask.ts';
import { listenOn } from './listen-on.ts';
import { createGuardedAdapter } from './socket/redis-adapter.ts';
import { watchBroker } from './watch-broker.ts';
import { silent, type World } from './world.fixture.spec.ts';

export const WEB_ORIGIN = 'http://localhost:3000';

export type TestGateway = {
  url: string;
  bootId: string;
  gateway: Gateway;
  metrics(): Promise<string>;
  close(): Promise<void>;
};

/** A gateway on the world's engines, put together as main.ts does it. */
export async function startGateway(
  world: World,
  o: { timings?: Partial<Timings>; eventLimits?: { perSecond: number; burst: number } } = {},
): Promise<TestGateway> {
  const bootId = randomUUID();
  const metrics = createMetrics({ service: 'spec' });
  const rabbit = connectRabbit({ url: world.rabbitUrl, name: 'spec-gateway', logger: silent });
  const redis = connectRedis({ url: world.redisUrl, keyPrefix: world.keyPrefix, name: 'spec-gateway', logger: silent });
  const away = 'http://127.0.0.1:9';
  const broadcasts = createGuardedAdapter({
    pub: redis.duplicate('spec-pub'),
    sub: redis.duplicate('spec-sub'),
    isUp: redis.isUp,
    key: redis.key('socket.io'),
    logger: silent,
    metrics,
  });
  const gateway = createGateway({
    publicOrigins: [WEB_ORIGIN],
    upstreams: { auth: away, users: away, chat: away },
    trustedHops: 0,
    eventLimits: o.eventLimits ?? { perSecond: 100, burst: 200 },
    verifyToken: async (token) => {
      const claims = await world.verify(token);
      return claims && { userId: claims.sub, sessionId: claims.sid };
    },
    isSessionLive: world.sessions.isLive,
    ask: createAsk({
      chat: createRpcClient(rabbit, { queue: 'chat.commands', timeoutMs: 2_000 }),
      user: createRpcClient(rabbit, { queue: 'user.commands', timeoutMs: 2_000 }),
    }),
    presence: createPresenceStore(redis, { ttlMs: PRESENCE_TTL_MS }),
    adapter: broadcasts.adapter,
    logger: silent,
    metrics,
    clock: () => new Date(),
    timings: { offlineGraceMs: 300, syncSpreadMs: 100, drainMs: 100, ...o.timings },
  });
  watchBroker(rabbit.connection, bootId, gateway, silent);
  const consumer = consumeGatewayQueue(rabbit, { bootId, bindings: gateway.bindings, handle: gateway.handleEvent });
  const toListen = createHealth();
  toListen.add('pushes', consumer.isUp);
  toListen.add('broadcasts', broadcasts.isUp);
  await untilReady(toListen, 20_000);
  const port = await listenOn(gateway.http, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${port}`,
    bootId,
    gateway,
    metrics: () => metrics.registry.metrics(),
    close: async () => {
      await gateway.close();
      await consumer.close();
      await Promise.all([rabbit.close(), redis.close()]);
    },
  };
}

type Received = { [E in ServerEventName]: ServerEventPayload<E>[] };

/** A client that keeps everything it was pushed, and can send anything, also what no client should. */
export type TestClient = {
  socket: Socket;
  received: Received;
  emit(event: string, ...args: unknown[]): Promise<Ack<Record<string, unknown>>>;
  close(): void;
};

/** Connects and waits for `ready`. Rejects with the error of `connect_error`. */
export async function connectClient(
  url: string,
  token: unknown,
  o: { transports?: string[]; origin?: string; auth?: object } = {},
): Promise<TestClient> {
  const socket = io(url, {
    auth: o.auth ?? { token },
    transports: o.transports ?? ['websocket'],
    reconnection: false,
    forceNew: true,
    ...(o.origin ? { extraHeaders: { origin: o.origin } } : {}),
  });
  const received = new Proxy({} as Record<string, unknown[]>, {
    get: (all, event: string) => (all[event] ??= []),
  });
  socket.onAny((event: string, payload: unknown) => received[event]?.push(payload));
  await new Promise<void>((resolve, reject) => {
    socket.once('ready', () => resolve());
    socket.once('connect_error', (error) => {
      socket.close();
      reject(error);
    });
  });
  return {
    socket,
    received: received as Received,
    emit: (event, ...args) =>
      socket.timeout(8_000).emitWithAck(event, ...args) as Promise<Ack<Record<string, unknown>>>,
    close: () => void socket.close(),
  };
}
