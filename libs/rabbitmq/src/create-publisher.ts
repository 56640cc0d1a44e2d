import type { ExchangeName } from '@parley/contracts';
import type { ConfirmChannel } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { PublishError } from './errors.ts';
import { openManagedChannel } from './managed-channel.ts';
import { assertTopology } from './topology.ts';
import type { ParleyEvent, Publisher } from './types.ts';

const CONFIRM_TIMEOUT_MS = 5_000;
/** More unconfirmed events than this mean that the broker doesn't keep up: better to keep them in the outbox than in memory. */
const MAX_UNCONFIRMED = 10_000;

type Unconfirmed = { returned: boolean; settle(error?: PublishError): void };

/**
 * Publishes events to one exchange: persistent, mandatory and confirmed.
 *
 * Nothing is kept for later here: amqp-connection-manager's own buffer would grow without bound while the broker is away, and
 * everything that must arrive has an outbox entry behind it. A confirm alone says nothing about routing, so a returned event rejects too.
 *
 * @param o.timeoutMs how long a confirm may take (default 5 s); the event may still arrive afterwards
 */
export function createPublisher(rabbit: Rabbit, o: { exchange: ExchangeName; timeoutMs?: number }): Publisher {
  const timeoutMs = o.timeoutMs ?? CONFIRM_TIMEOUT_MS;
  const unconfirmed = new Map<string, Unconfirmed[]>();
  let count = 0;

  const channel = openManagedChannel<ConfirmChannel>(rabbit, {
    name: `publish ${o.exchange}`,
    open: (connection) => connection.createConfirmChannel(),
    setup: async (opened) => {
      // A return comes before its confirm. Two tries of one event share the id and the fate.
      opened.on('return', (message) => {
        for (const entry of unconfirmed.get(String(message.properties.messageId)) ?? []) entry.returned = true;
      });
      await assertTopology(opened);
    },
  });

  const publishOn = (open: ConfirmChannel, event: ParleyEvent) =>
    new Promise<void>((resolve, reject) => {
      const entry: Unconfirmed = {
        returned: false,
        settle: (error) => {
          clearTimeout(timer);
          forget(unconfirmed, event.id, entry);
          if (error) reject(error);
          else resolve();
        },
      };
      const timer = setTimeout(
        () => entry.settle(new PublishError('timeout', `${event.id} was not confirmed within ${timeoutMs} ms`)),
        timeoutMs,
      );
      unconfirmed.set(event.id, [...(unconfirmed.get(event.id) ?? []), entry]);
      try {
        open.publish(
          o.exchange,
          event.type,
          Buffer.from(JSON.stringify(event)),
          { persistent: true, mandatory: true, messageId: event.id, contentType: 'application/json' },
          (error: unknown) => entry.settle(failureOf(error, entry, event)),
        );
      } catch (error) {
        // amqplib throws when the channel closed a moment ago.
        entry.settle(new PublishError('unavailable', error instanceof Error ? error.message : String(error)));
      }
    });

  return {
    publish: async (event) => {
      try {
        const open = channel.current();
        if (!open) throw new PublishError('unavailable', 'RabbitMQ is away');
        if (rabbit.isBlocked()) throw new PublishError('blocked', 'RabbitMQ takes no publications');
        if (count >= MAX_UNCONFIRMED) throw new PublishError('overloaded', `${count} events are unconfirmed`);
        count += 1;
        try {
          await publishOn(open, event);
        } finally {
          count -= 1;
        }
        rabbit.counters.published(o.exchange, 'confirmed');
      } catch (error) {
        rabbit.counters.published(o.exchange, error instanceof PublishError ? error.reason : 'error');
        throw error;
      }
    },
    close: async () => {
      const drained = [...unconfirmed.values()].flat().map(
        (entry) =>
          new Promise<void>((resolve) => {
            const settle = entry.settle;
            entry.settle = (error) => {
              settle(error);
              resolve();
            };
          }),
      );
      await Promise.all(drained);
      await channel.close();
    },
  };
}

function failureOf(error: unknown, entry: Unconfirmed, event: ParleyEvent): PublishError | undefined {
  if (error) return new PublishError('refused', error instanceof Error ? error.message : 'not acknowledged');
  return entry.returned ? new PublishError('unroutable', `no queue is bound for ${event.type}`) : undefined;
}

function forget(unconfirmed: Map<string, Unconfirmed[]>, id: string, entry: Unconfirmed): void {
  const others = unconfirmed.get(id)?.filter((other) => other !== entry) ?? [];
  if (others.length > 0) unconfirmed.set(id, others);
  else unconfirmed.delete(id);
}
