import type { BrokerEvent } from '@parley/contracts';
import { connectRabbit, consume } from '@parley/rabbitmq';
import { createLogger } from '@parley/service-kit';

/** Everything that is published to auth.events from now on. */
export async function listenToEvents(rabbitUrl: string) {
  const rabbit = connectRabbit({
    url: rabbitUrl,
    name: 'spec',
    logger: createLogger({ service: 'spec', level: 'silent' }),
  });
  const heard: BrokerEvent[] = [];
  const consumer = consume(rabbit, {
    queue: 'spec.events',
    bindings: [{ exchange: 'auth.events', keys: ['#'] }],
    handle: async (event) => void heard.push(event),
  });
  await consumer.ready();
  return {
    rabbit,
    of: <T extends BrokerEvent['type']>(type: T) =>
      heard.filter((event): event is Extract<BrokerEvent, { type: T }> => event.type === type),
    close: async () => {
      await consumer.close();
      await rabbit.close();
    },
  };
}
