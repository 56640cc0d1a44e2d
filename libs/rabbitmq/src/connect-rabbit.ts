import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type AmqpConnectionManager } from 'amqp-connection-manager';
import type { Logger } from '@parley/service-kit';
import { createCounters, type Counters } from './counters.ts';
import type { RabbitOptions } from './types.ts';

/** A dead peer is noticed after two missed heartbeats. */
const HEARTBEAT_SECONDS = 5;
const RECONNECT_SECONDS = 1;
const CONNECT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;

/** A connection to the broker that comes back by itself. */
export type Rabbit = {
  /** Connected, and the broker takes publications. */
  isUp(): boolean;
  /** The broker has stopped reading from this connection because it is short of memory or disk (`connection.blocked`). */
  isBlocked(): boolean;
  close(): Promise<void>;
  readonly connection: AmqpConnectionManager;
  readonly logger: Logger;
  readonly counters: Counters;
};

/**
 * Connects to RabbitMQ in the background and for ever. Returns at once; a broker that is away is no error here:
 * publishers and RPC clients fail at once meanwhile, consumers and topology come back with the connection.
 */
export function connectRabbit(o: RabbitOptions): Rabbit {
  const logger = o.logger.child({ module: 'rabbitmq' });
  let blocked = false;
  let isAwaySaid = false;
  const connection = connect(o.url, {
    heartbeatIntervalInSeconds: HEARTBEAT_SECONDS,
    reconnectTimeInSeconds: RECONNECT_SECONDS,
    connectionOptions: {
      noDelay: true,
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: o.name },
    },
  });

  connection.on('connect', () => {
    blocked = false;
    isAwaySaid = false;
    logger.info('connected to RabbitMQ');
  });
  connection.on('connectFailed', ({ err }) => {
    // An attempt a second fails during an outage: one line is what a reader of the log needs.
    logger[isAwaySaid ? 'debug' : 'warn']({ err }, 'RabbitMQ is away, reconnecting');
    isAwaySaid = true;
  });
  connection.on('disconnect', ({ err }) => {
    blocked = false;
    logger.warn({ err }, 'connection to RabbitMQ lost');
  });
  connection.on('blocked', ({ reason }) => {
    blocked = true;
    logger.warn({ reason }, 'RabbitMQ takes no publications');
  });
  connection.on('unblocked', () => {
    blocked = false;
    logger.info('RabbitMQ takes publications again');
  });

  const rabbit: Rabbit = {
    isUp: () => connection.isConnected() && !blocked,
    isBlocked: () => blocked,
    // While the broker is away, the manager's own close() waits for a connection that doesn't come.
    close: () => Promise.race([connection.close(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]),
    connection,
    logger,
    counters: createCounters(o.metrics),
  };
  o.health?.add('rabbitmq', rabbit.isUp);
  o.shutdown?.add('rabbitmq', rabbit.close);
  return rabbit;
}
