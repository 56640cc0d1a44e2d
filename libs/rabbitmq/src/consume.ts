import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ConsumeMessage } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { openConsumer, settle } from './open-consumer.ts';
import { metaOf, parseEvent } from './parse-event.ts';
import { assertTopology, bindAll, DELIVERY_LIMIT, WORK_QUEUE_ARGUMENTS } from './topology.ts';
import type { ConsumeOptions, Consumer, ParleyEvent } from './types.ts';

const RETRY_DELAY_MS = 100;

/**
 * Consumes events for one purpose of one service from a durable quorum queue: at least once, shared by the service's instances.
 *
 * A handler that fails gets the event again, each time after twice the pause, until the delivery limit sends it to the dead
 * letters; the others flow meanwhile. What is no event at all goes there at once.
 */
export function consume(rabbit: Rabbit, o: ConsumeOptions): Consumer {
  const { queue } = o;
  const logger = rabbit.logger.child({ queue });

  const handle = async (channel: Channel, message: ConsumeMessage): Promise<void> => {
    const meta = metaOf(message);
    let event: ParleyEvent;
    try {
      event = parseEvent(message);
    } catch (err) {
      logger.error({ err, messageId: meta.messageId }, 'no event: dead-lettered');
      rabbit.counters.consumed(queue, 'dead_lettered');
      settle(rabbit, () => channel.reject(message, false));
      return;
    }
    try {
      await o.handle(event, meta);
      rabbit.counters.consumed(queue, 'done');
      settle(rabbit, () => channel.ack(message));
    } catch (err) {
      const tries = returnsOf(message) + 1;
      const isLast = tries >= DELIVERY_LIMIT;
      logger.warn({ err, messageId: meta.messageId, tries }, isLast ? 'event dead-lettered' : 'event goes back');
      rabbit.counters.consumed(queue, isLast ? 'dead_lettered' : 'retried');
      if (!isLast) await sleep((o.retryDelayMs ?? RETRY_DELAY_MS) * 2 ** (tries - 1));
      settle(rabbit, () => channel.reject(message, !isLast));
    }
  };

  return openConsumer(rabbit, {
    queue,
    prefetch: o.prefetch ?? 50,
    declare: async (channel) => {
      await assertTopology(channel);
      await channel.assertQueue(queue, { durable: true, arguments: WORK_QUEUE_ARGUMENTS });
      await bindAll(channel, queue, o.bindings);
    },
    onMessage: handle,
  });
}

/** How often a delivery was returned before; quorum queues count it. The limit itself also covers crashes of the consumer. */
function returnsOf(message: ConsumeMessage): number {
  const count: unknown = message.properties.headers?.['x-delivery-count'];
  return typeof count === 'number' ? count : 0;
}
