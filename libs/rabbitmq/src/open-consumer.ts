import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { openManagedChannel } from './managed-channel.ts';
import type { Consumer } from './types.ts';

const CANCEL_TIMEOUT_MS = 2_000;

export type ConsumerPlan<C extends Channel> = {
  queue: string;
  open(connection: ChannelModel): Promise<C>;
  prefetch: number;
  /** Declares the queue and its bindings. */
  declare(channel: C): Promise<void>;
  /** Handles one delivery and settles it on `channel`. Must not reject. */
  onMessage(channel: C, message: ConsumeMessage): Promise<void>;
};

/** A consumer that registers itself on every new channel, and at the end finishes what it has begun. */
export function openConsumer<C extends Channel>(rabbit: Rabbit, plan: ConsumerPlan<C>): Consumer {
  const running = new Set<Promise<void>>();
  let tag: string | undefined;

  const managed = openManagedChannel<C>(rabbit, {
    name: `consume ${plan.queue}`,
    open: plan.open,
    setup: async (channel) => {
      await plan.declare(channel);
      await channel.prefetch(plan.prefetch);
      const registered = await channel.consume(plan.queue, (message) => {
        if (message === null) {
          // The broker cancelled the consumer (the queue was deleted): a new channel declares the queue again.
          void channel.close().catch((err: unknown) => rabbit.logger.debug({ err }, 'channel was closed already'));
          return;
        }
        const work = plan.onMessage(channel, message).finally(() => running.delete(work));
        running.add(work);
      });
      tag = registered.consumerTag;
    },
  });

  return {
    ready: managed.ready,
    isUp: () => managed.current() !== undefined,
    close: async () => {
      const channel = managed.current();
      if (channel && tag) {
        const cancelled = channel
          .cancel(tag)
          .catch((err: unknown) => rabbit.logger.debug({ err }, 'consumer was gone already'));
        await Promise.race([cancelled, sleep(CANCEL_TIMEOUT_MS, undefined, { ref: false })]);
      }
      await Promise.all(running);
      await managed.close();
    },
  };
}

/** Acknowledges or rejects, unless the channel is gone: then the broker delivers again by itself. */
export function settle(rabbit: Rabbit, action: () => void): void {
  try {
    action();
  } catch (err) {
    rabbit.logger.debug({ err }, 'delivery not settled: its channel is closed');
  }
}
