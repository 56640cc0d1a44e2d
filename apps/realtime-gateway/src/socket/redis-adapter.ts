import { createAdapter } from '@socket.io/redis-adapter';
import type { Logger, Metrics } from '@parley/service-kit';
import { retryUntil } from '@parley/service-kit';
import type { RedisClientType } from 'redis';

type Listener = (message: Buffer, channel: Buffer) => void;

export type AdapterOptions = {
  pub: RedisClientType;
  sub: RedisClientType;
  /** Whether Redis answers now. */
  isUp: () => boolean;
  /** First part of the names of the adapter's channels. */
  key: string;
  logger: Logger;
  metrics: Metrics;
};

export type GuardedAdapter = {
  /** For Socket.IO's option of this name. */
  adapter: ReturnType<typeof createAdapter>;
  /** Whether this gateway and the others hear each other now. */
  isUp: () => boolean;
};

/**
 * Socket.IO's Redis adapter, for typing and presence only, made so that Redis may be away at any time: the adapter itself
 * neither catches what its commands reject with (which ended the process) nor subscribes again when the first try failed.
 * While Redis is away a broadcast still reaches the sockets of this gateway.
 */
export function createGuardedAdapter(o: AdapterOptions): GuardedAdapter {
  const dropped = o.metrics.counter('parley_adapter_dropped_total', 'Broadcasts that did not reach other gateways');
  const closing = new AbortController();
  const subscriptions = { wanted: 0, made: 0 };
  const quietly = (command: Promise<unknown>): void => {
    command.catch((error: unknown) => {
      if (!closing.signal.aborted) o.logger.debug({ err: error }, 'socket.io adapter: redis command failed');
    });
  };
  const subscribe = (command: () => Promise<unknown>): void => {
    subscriptions.wanted += 1;
    const attempt = async () => {
      if (!o.sub.isReady) throw new Error('redis is away');
      await command();
      // From here on the client subscribes again by itself whenever it reconnects.
      subscriptions.made += 1;
    };
    quietly(retryUntil(attempt, { minMs: 100, maxMs: 1_000, signal: closing.signal }));
  };
  const unsubscribe = (command: () => Promise<unknown>): void => {
    closing.abort();
    if (o.sub.isReady) quietly(command());
  };
  const emitter = (client: RedisClientType) => ({
    on: (event: string, listener: () => void) => void client.on(event, listener),
    off: (event: string, listener: () => void) => void client.off(event, listener),
    listenerCount: (event: string) => client.listenerCount(event),
  });

  const pub = {
    ...emitter(o.pub),
    // Its presence tells the adapter that this is node-redis and not ioredis.
    pSubscribe: () => undefined,
    publish: (channel: string, message: string | Buffer) => {
      if (!o.isUp()) return dropped.inc();
      return o.pub.publish(channel, message).catch(() => dropped.inc());
    },
  };
  const sub = {
    ...emitter(o.sub),
    pSubscribe: (pattern: string, listener: Listener) => subscribe(() => o.sub.pSubscribe(pattern, listener, true)),
    subscribe: (channels: string[], listener: Listener) => subscribe(() => o.sub.subscribe(channels, listener, true)),
    pUnsubscribe: (pattern: string, listener: Listener) =>
      unsubscribe(() => o.sub.pUnsubscribe(pattern, listener, true)),
    unsubscribe: (channels: string[], listener: Listener) =>
      unsubscribe(() => o.sub.unsubscribe(channels, listener, true)),
  };
  return {
    adapter: createAdapter(pub, sub, { key: o.key }),
    isUp: () => o.isUp() && o.pub.isReady && o.sub.isReady && subscriptions.made === subscriptions.wanted,
  };
}
