import {
  ANALYTICS_QUEUE,
  DEAD_LETTER_EXCHANGE,
  DEAD_LETTER_QUEUE,
  EXCHANGE_OF,
  EXCHANGES,
  type BrokerEventType,
} from '@parley/contracts';
import type { Channel } from 'amqplib';
import type { Binding } from './types.ts';

export const DELIVERY_LIMIT = 5;

/**
 * What a work queue is declared with: a poison event goes to the dead letters after `x-delivery-limit` returns, and a dead
 * letter is only forgotten here once the dead-letter queue has confirmed it (RabbitMQ: quorum queues, at-least-once dead lettering).
 */
export const WORK_QUEUE_ARGUMENTS = {
  'x-queue-type': 'quorum',
  'x-delivery-limit': DELIVERY_LIMIT,
  'x-dead-letter-exchange': DEAD_LETTER_EXCHANGE,
  'x-dead-letter-strategy': 'at-least-once',
  'x-overflow': 'reject-publish',
};

const EVENT_TYPES = Object.keys(EXCHANGE_OF) as BrokerEventType[];

/**
 * What may be counted by day: every event but receipts, which are as many as messages and tell no fact of a day. So whatever has an
 * outbox entry behind it has this queue, and is not kept for want of a gateway.
 */
const ANALYTICS_BINDINGS: readonly Binding[] = EXCHANGES.map((exchange) => ({
  exchange,
  keys: EVENT_TYPES.filter((type) => EXCHANGE_OF[type] === exchange && type !== 'receipt.updated'),
}));

/**
 * Declares what every service relies on. Each channel does it in its setup, so that an emptied broker heals on the
 * next connection, whichever service comes first.
 */
export async function assertTopology(channel: Channel): Promise<void> {
  for (const exchange of EXCHANGES) await channel.assertExchange(exchange, 'topic', { durable: true });
  await channel.assertExchange(DEAD_LETTER_EXCHANGE, 'topic', { durable: true });
  await channel.assertQueue(DEAD_LETTER_QUEUE, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
  await channel.bindQueue(DEAD_LETTER_QUEUE, DEAD_LETTER_EXCHANGE, '#');
  // Bounded, oldest first: it must take every event from the first moment on, also while nobody reads it.
  await channel.assertQueue(ANALYTICS_QUEUE, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-max-length': 100_000, 'x-overflow': 'drop-head' },
  });
  await bindAll(channel, ANALYTICS_QUEUE, ANALYTICS_BINDINGS);
}

export async function bindAll(channel: Channel, queue: string, bindings: readonly Binding[]): Promise<void> {
  for (const { exchange, keys } of bindings) {
    for (const key of keys) await channel.bindQueue(queue, exchange, key);
  }
}
