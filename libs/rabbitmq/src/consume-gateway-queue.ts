import { gatewayQueue } from '@parley/contracts';
import type { ConsumeMessage } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { openConsumer, settle } from './open-consumer.ts';
import { metaOf, parseEvent, splitDelivery, type RawEvent } from './parse-event.ts';
import { assertTopology, bindAll } from './topology.ts';
import type { Consumer, GatewayQueueOptions } from './types.ts';

/** Outlives a lost connection by two minutes, never an old gateway for long; durable, since an exclusive queue loses what is in it. */
const GATEWAY_QUEUE_ARGUMENTS = { 'x-expires': 120_000, 'x-message-ttl': 60_000, 'x-max-length': 20_000 };

/** Consumes a gateway's own copy of the events. Pushes are hints: one that fails is logged and dropped, for clients heal by themselves. */
export function consumeGatewayQueue(rabbit: Rabbit, o: GatewayQueueOptions): Consumer {
  const queue = gatewayQueue(o.bootId);
  const logger = rabbit.logger.child({ queue });

  const handle = async (message: ConsumeMessage, raw: RawEvent): Promise<void> => {
    const meta = metaOf(message, raw);
    try {
      await o.handle(parseEvent(raw), meta);
      rabbit.counters.consumed('rt.gw', 'done');
    } catch (err) {
      drop(err, meta.messageId);
    }
  };
  const drop = (err: unknown, messageId: string): void => {
    logger.error({ err, messageId }, 'push dropped');
    rabbit.counters.consumed('rt.gw', 'dropped');
  };

  return openConsumer(rabbit, {
    queue,
    open: (connection) => connection.createChannel(),
    prefetch: o.prefetch ?? 200,
    declare: async (channel) => {
      await assertTopology(channel);
      await channel.assertQueue(queue, { durable: true, arguments: GATEWAY_QUEUE_ARGUMENTS });
      await bindAll(channel, queue, o.bindings);
    },
    onMessage: async (channel, message) => {
      try {
        await Promise.all(splitDelivery(message).map((raw) => handle(message, raw)));
      } catch (err) {
        drop(err, String(message.properties.messageId));
      }
      settle(rabbit, () => channel.ack(message));
    },
  });
}
