import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { openConsumer, settle } from './open-consumer.ts';
import { metaOf, parseEvent, splitDelivery, type RawEvent } from './parse-event.ts';
import { assertTopology, bindAll, DELIVERY_LIMIT, WORK_QUEUE_ARGUMENTS } from './topology.ts';
import type { ConsumeOptions, Consumer } from './types.ts';

const RETRY_DELAY_MS = 100;
/** How often an event that is alone now was tried with its batch. */
export const TRIED_IN_BATCH = 'x-tried-in-batch';

type Failure = { raw: RawEvent; err: unknown; isEvent: boolean };

/**
 * Consumes events for one purpose of one service from a durable quorum queue: at least once, shared by the service's instances.
 *
 * A handler that fails gets the event again, each time after twice the pause, until the delivery limit sends it to the dead
 * letters; the others flow meanwhile. What is no event at all goes there at once. Of a batch, each that failed goes back to the queue alone:
 * a poison event takes none of its neighbours along.
 */
export function consume(rabbit: Rabbit, o: ConsumeOptions): Consumer {
  const { queue } = o;
  const logger = rabbit.logger.child({ queue });

  const handle = async (message: ConsumeMessage, raw: RawEvent): Promise<Failure | undefined> => {
    let isEvent = false;
    try {
      const event = parseEvent(raw);
      isEvent = true;
      await o.handle(event, metaOf(message, raw));
      rabbit.counters.consumed(queue, 'done');
      return undefined;
    } catch (err) {
      return { raw, err, isEvent };
    }
  };

  const giveBack = async (channel: ConfirmChannel, message: ConsumeMessage, failure: Failure): Promise<void> => {
    const { err, isEvent, raw } = failure;
    const tries = triesOf(message);
    const isLast = !isEvent || tries >= DELIVERY_LIMIT;
    logger.warn({ err, messageId: raw.id, tries }, isLast ? 'event dead-lettered' : 'event goes back');
    rabbit.counters.consumed(queue, isLast ? 'dead_lettered' : 'retried');
    if (!isLast) await sleep((o.retryDelayMs ?? RETRY_DELAY_MS) * 2 ** (tries - 1));
    settle(rabbit, () => channel.reject(message, !isLast));
  };

  const giveBackAlone = async (
    channel: ConfirmChannel,
    message: ConsumeMessage,
    failures: Failure[],
  ): Promise<void> => {
    try {
      for (const { raw } of failures) {
        logger.warn({ messageId: raw.id }, 'event of a batch goes back alone');
        rabbit.counters.consumed(queue, 'retried');
        channel.sendToQueue(queue, Buffer.from(JSON.stringify(raw.json)), {
          persistent: true,
          messageId: raw.id,
          contentType: 'application/json',
          headers: { [TRIED_IN_BATCH]: 1 },
        });
      }
      await channel.waitForConfirms();
      settle(rabbit, () => channel.ack(message));
    } catch (err) {
      logger.warn({ err }, 'events of a batch could not go back alone: all of it goes back');
      settle(rabbit, () => channel.reject(message, true));
    }
  };

  return openConsumer(rabbit, {
    queue,
    open: (connection) => connection.createConfirmChannel(),
    prefetch: o.prefetch ?? 50,
    declare: async (channel) => {
      await assertTopology(channel);
      await channel.assertQueue(queue, { durable: true, arguments: WORK_QUEUE_ARGUMENTS });
      await bindAll(channel, queue, o.bindings);
    },
    onMessage: async (channel, message) => {
      const events = split(message);
      const outcomes = await Promise.all(events.map((raw) => handle(message, raw)));
      const failures = outcomes.filter((outcome) => outcome !== undefined);
      const [first] = failures;
      if (!first) settle(rabbit, () => channel.ack(message));
      else if (events.length === 1) await giveBack(channel, message, first);
      else await giveBackAlone(channel, message, failures);
    },
  });
}

/** Garbage counts as one event, which then is none. */
function split(message: ConsumeMessage): RawEvent[] {
  try {
    return splitDelivery(message);
  } catch {
    return [{ id: String(message.properties.messageId ?? ''), json: undefined }];
  }
}

/** The how manieth try this delivery is: quorum queues count returns. The limit itself also covers crashes of the consumer. */
function triesOf(message: ConsumeMessage): number {
  const headers = message.properties.headers ?? {};
  const counts = [headers['x-delivery-count'], headers[TRIED_IN_BATCH]] as unknown[];
  return counts.reduce<number>((tries, count) => tries + (typeof count === 'number' ? count : 0), 1);
}
