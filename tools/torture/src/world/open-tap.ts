import { connectRabbit, consume } from '@parley/rabbitmq';
import { createLogger } from '@parley/service-kit';

/** What reached the broker: `<message id>:<rev>` of every event about a message. */
export type Tap = {
  told: ReadonlySet<string>;
  /** How many events came in all, repeats among them. */
  deliveries(): number;
  close(): Promise<void>;
};

/** A durable queue of its own on `chat.events`: what the broker confirmed is in it, whatever dies meanwhile. */
export async function openTap(rabbitUrl: string): Promise<Tap> {
  const told = new Set<string>();
  let deliveries = 0;
  const logger = createLogger({ service: 'torture', level: 'silent' });
  const rabbit = connectRabbit({ url: rabbitUrl, name: 'torture', logger });
  const consumer = consume(rabbit, {
    queue: 'torture.tap',
    bindings: [{ exchange: 'chat.events', keys: ['message.*'] }],
    handle: async (event) => {
      if (event.type !== 'message.created' && event.type !== 'message.updated') return;
      const { message } = event.payload;
      deliveries += 1;
      told.add(`${message.id}:${message.rev}`);
    },
  });
  await consumer.ready();
  return { told, deliveries: () => deliveries, close: rabbit.close };
}
