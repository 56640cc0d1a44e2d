import { gatewayQueue } from '@parley/contracts';
import type { Rabbit } from '@parley/rabbitmq';
import type { Logger } from '@parley/service-kit';

type Channels = Rabbit['connection'];

/**
 * Tells the gateway when its connection to the broker is lost and when it is back, and whether its queue was still there.
 *
 * Listen before the queue's consumer does: the question must reach the broker before the consumer declares the queue
 * anew. Should it lose that race, clients notice by their heads within half a minute.
 */
export function watchBroker(
  connection: Channels,
  bootId: string,
  gateway: { brokerLost(): void; brokerBack(queueWasThere: boolean): void },
  logger: Logger,
): void {
  connection.on('disconnect', () => gateway.brokerLost());
  connection.on('connect', () => {
    isQueueThere(connection, gatewayQueue(bootId)).then(
      (wasThere) => gateway.brokerBack(wasThere),
      (err: unknown) => logger.debug({ err }, 'connection to the broker lost again'),
    );
  });
}

async function isQueueThere(connection: Channels, queue: string): Promise<boolean> {
  const channel = await connection.connection?.createChannel();
  if (!channel) throw new Error('not connected');
  // A missing queue closes the channel (404), which an emitter without a listener would throw.
  channel.on('error', () => undefined);
  try {
    await channel.checkQueue(queue);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 404) return false;
    throw error;
  }
  await channel.close();
  return true;
}
