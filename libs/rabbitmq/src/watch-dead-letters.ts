import { DEAD_LETTER_QUEUE } from '@parley/contracts';
import type { Metrics } from '@parley/service-kit';
import type { Channel } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { openManagedChannel } from './managed-channel.ts';
import { assertTopology } from './topology.ts';

const EVERY_MS = 10_000;

/**
 * Keeps the gauge `parley_dead_letters` at how many lie in `parley.dlq`, whoever let them die: an alert goes by it. It keeps its last value
 * while the broker is away.
 */
export function watchDeadLetters(
  rabbit: Rabbit,
  o: { metrics: Metrics; everyMs?: number },
): { close(): Promise<void> } {
  const letters = o.metrics.gauge('parley_dead_letters', 'Messages in the dead-letter queue');
  const managed = openManagedChannel<Channel>(rabbit, {
    name: 'watch dead letters',
    open: (connection) => connection.createChannel(),
    setup: assertTopology,
  });
  const look = async (): Promise<void> => {
    const state = await managed.current()?.checkQueue(DEAD_LETTER_QUEUE);
    if (state) letters.set(state.messageCount);
  };
  const timer = setInterval(() => {
    look().catch((err: unknown) => rabbit.logger.debug({ err }, 'dead letters not counted'));
  }, o.everyMs ?? EVERY_MS).unref();

  return {
    close: async () => {
      clearInterval(timer);
      await managed.close();
    },
  };
}
