import type { ExchangeName } from '@parley/contracts';
import { createBatcher } from '@parley/service-kit';
import type { ConfirmChannel } from 'amqplib';
import type { Rabbit } from './connect-rabbit.ts';
import { encodeEvents, type EncodedEvents } from './encode-events.ts';
import { PublishError } from './errors.ts';
import { openManagedChannel } from './managed-channel.ts';
import { assertTopology } from './topology.ts';
import type { ParleyEvent, Publisher } from './types.ts';

const CONFIRM_TIMEOUT_MS = 5_000;
/** More unconfirmed events than this mean that the broker doesn't keep up: better to keep them in the outbox than in memory. */
const MAX_UNCONFIRMED = 10_000;
/** Events in a message at most, and how long they gather once there was one. */
const EVENTS_MAX = 50;
const GATHER_MS = 8;

type Entry = { event: ParleyEvent; settle(error?: PublishError): void };
type Unconfirmed = { returned: boolean; settle(error?: PublishError): void };

/**
 * Publishes events to one exchange: persistent, mandatory and confirmed. Events of one type that come close together share one
 * message (see `encodeEvents`), and with it their fate.
 *
 * Nothing is kept for later here: amqp-connection-manager's own buffer would grow without bound while the broker is away, and
 * everything that must arrive has an outbox entry behind it. A confirm alone says nothing about routing, so a returned event rejects too.
 *
 * @param o.timeoutMs how long a confirm may take (default 5 s); the event may still arrive afterwards
 */
export function createPublisher(rabbit: Rabbit, o: { exchange: ExchangeName; timeoutMs?: number }): Publisher {
  const timeoutMs = o.timeoutMs ?? CONFIRM_TIMEOUT_MS;
  const unconfirmed = new Map<string, Unconfirmed[]>();
  const publications = new Set<Promise<void>>();

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

  const publishMessage = ({ id, type, content, events }: EncodedEvents<Entry>): void => {
    const entry: Unconfirmed = {
      returned: false,
      settle: (error) => {
        clearTimeout(timer);
        forget(unconfirmed, id, entry);
        for (const { settle } of events) settle(error);
      },
    };
    const timer = setTimeout(
      () => entry.settle(new PublishError('timeout', `${id} was not confirmed within ${timeoutMs} ms`)),
      timeoutMs,
    );
    unconfirmed.set(id, [...(unconfirmed.get(id) ?? []), entry]);
    try {
      const open = channel.current();
      if (!open) throw new Error('RabbitMQ is away');
      open.publish(
        o.exchange,
        type,
        content,
        { persistent: true, mandatory: true, messageId: id, contentType: 'application/json' },
        (error: unknown) => entry.settle(failureOf(error, entry, type)),
      );
    } catch (error) {
      // amqplib throws when the channel closed a moment ago.
      entry.settle(new PublishError('unavailable', error instanceof Error ? error.message : String(error)));
    }
  };

  const outgoing = createBatcher<Entry>({
    run: (entries) => encodeEvents(entries).forEach(publishMessage),
    max: EVENTS_MAX,
    everyMs: GATHER_MS,
  });

  const publish = (event: ParleyEvent) =>
    new Promise<void>((resolve, reject) => {
      if (!channel.current()) return reject(new PublishError('unavailable', 'RabbitMQ is away'));
      if (rabbit.isBlocked()) return reject(new PublishError('blocked', 'RabbitMQ takes no publications'));
      if (publications.size >= MAX_UNCONFIRMED) {
        return reject(new PublishError('overloaded', `${publications.size} events are unconfirmed`));
      }
      outgoing.add({ event, settle: (error) => (error ? reject(error) : resolve()) });
    });

  return {
    publish: async (event) => {
      const publication = publish(event);
      publications.add(publication);
      try {
        await publication;
        rabbit.counters.published(o.exchange, 'confirmed');
      } catch (error) {
        rabbit.counters.published(o.exchange, error instanceof PublishError ? error.reason : 'error');
        throw error;
      } finally {
        publications.delete(publication);
      }
    },
    close: async () => {
      await Promise.allSettled(publications);
      await channel.close();
    },
  };
}

function failureOf(error: unknown, entry: Unconfirmed, type: string): PublishError | undefined {
  if (error) return new PublishError('refused', error instanceof Error ? error.message : 'not acknowledged');
  return entry.returned ? new PublishError('unroutable', `no queue is bound for ${type}`) : undefined;
}

function forget(unconfirmed: Map<string, Unconfirmed[]>, id: string, entry: Unconfirmed): void {
  const others = unconfirmed.get(id)?.filter((other) => other !== entry) ?? [];
  if (others.length > 0) unconfirmed.set(id, others);
  else unconfirmed.delete(id);
}
