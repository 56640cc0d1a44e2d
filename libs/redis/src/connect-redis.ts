import type { Health, Logger, Shutdown } from '@parley/service-kit';
import { createClient, type RedisClientType } from 'redis';
import { RedisAwayError } from './redis-away-error.ts';
import { watchPing } from './watch-ping.ts';

const BACKOFF_MIN_MS = 50;
const BACKOFF_MAX_MS = 1_000;
const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 1_000;
const PING_EVERY_MS = 1_000;
/** A socket on which nothing moved for this long is given up; pings keep a healthy one moving. */
const SOCKET_TIMEOUT_MS = 5_000;

export type RedisOptions = {
  /** `redis[s]://[[user][:password]@]host[:port][/db]` */
  url: string;
  /** Put before every key that `key()` makes. */
  keyPrefix?: string;
  logger: Logger;
  health?: Health;
  shutdown?: Shutdown;
  /** Name of this connection in `CLIENT LIST`. */
  name: string;
};

export type Redis = {
  client: RedisClientType;
  logger: Logger;
  /** Whether commands can be expected to be answered now. */
  isUp(): boolean;
  /** `k` with this connection's key prefix. */
  key(k: string): string;
  /**
   * The answer of a command, within a second.
   * @throws RedisAwayError when Redis is away or too slow: nothing ever waits for it
   */
  ask<T>(command: (client: RedisClientType) => Promise<T>): Promise<T>;
  /** Another client with the same options, connecting in the background, closed together with this one. */
  duplicate(name: string): RedisClientType;
  close(): Promise<void>;
};

/**
 * A connection to Redis that never holds anybody up: it returns at once, connects in the background, reconnects for
 * ever, and refuses commands while it is away, because nothing that Redis holds is worth waiting for.
 */
export function connectRedis(options: RedisOptions): Redis {
  const clients: RedisClientType[] = [];
  const open = (name: string): RedisClientType => {
    const client = openClient(options, name);
    clients.push(client);
    return client;
  };
  const client = open(options.name);
  const ping = watchPing(client, { everyMs: PING_EVERY_MS, timeoutMs: COMMAND_TIMEOUT_MS });
  const isUp = (): boolean => client.isReady && ping.isAnswered();

  const redis: Redis = {
    client,
    logger: options.logger,
    isUp,
    key: (k) => `${options.keyPrefix ?? ''}${k}`,
    ask: (command) => {
      if (!isUp()) return Promise.reject(new RedisAwayError());
      return withinTime(command(client), COMMAND_TIMEOUT_MS);
    },
    duplicate: (name) => open(name),
    close: async () => {
      ping.stop();
      await Promise.all(clients.splice(0).map(closeClient));
    },
  };
  options.health?.add('redis', isUp);
  options.shutdown?.add('redis', redis.close);
  return redis;
}

function openClient(options: RedisOptions, name: string): RedisClientType {
  const logger = options.logger.child({ redis: name });
  const client: RedisClientType = createClient({
    url: options.url,
    name,
    disableOfflineQueue: true,
    pingInterval: PING_EVERY_MS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      reconnectStrategy: (retries) => Math.random() * Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** retries),
    },
  });
  let isAwaySaid = false;
  client.on('error', (error: unknown) => {
    // Every failed attempt is an error event; one line an outage is what a reader of the log needs.
    if (!isAwaySaid) logger.warn({ err: error }, 'redis is away, reconnecting');
    isAwaySaid = true;
  });
  client.on('ready', () => {
    logger.info('redis connected');
    isAwaySaid = false;
  });
  // It rejects only when the client is closed before it ever connected.
  client.connect().catch((error: unknown) => logger.debug({ err: error }, 'redis closed before it connected'));
  return client;
}

async function closeClient(client: RedisClientType): Promise<void> {
  if (!client.isOpen) return;
  if (!client.isReady) {
    // An attempt that is just running isn't ended by `destroy`: it connects, and is ended then.
    client.once('connect', () => client.destroy());
    client.destroy();
    return;
  }
  const closed = client.close();
  await withinTime(closed, COMMAND_TIMEOUT_MS).catch(() => client.destroy());
}

function withinTime<T>(answer: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new RedisAwayError('Redis did not answer in time')), timeoutMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
