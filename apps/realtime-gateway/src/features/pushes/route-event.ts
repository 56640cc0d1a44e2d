import type { BrokerEvent, BrokerEventOf, BrokerEventType, ExchangeName } from '@parley/contracts';
import { EXCHANGE_OF } from '@parley/contracts';
import type { Logger, Metrics } from '@parley/service-kit';

/** What this gateway does with each event that it is bound to. */
export type EventRoutes = { [T in BrokerEventType]?: (event: BrokerEventOf<T>) => void | Promise<void> };

/**
 * Handles one event of the gateway's queue. It never rejects: a push is a hint, and one that failed is not worth a second try,
 * since every client heals by its cursors.
 */
export function createEventRouter(o: {
  routes: EventRoutes;
  logger: Logger;
  metrics: Metrics;
}): (event: BrokerEvent) => Promise<void> {
  const pushes = o.metrics.counter('parley_gateway_events_total', 'Broker events handled', ['type', 'outcome']);
  return async (event) => {
    const handle = o.routes[event.type] as ((event: BrokerEvent) => void | Promise<void>) | undefined;
    try {
      await handle?.(event);
      pushes.inc({ type: event.type, outcome: 'ok' });
    } catch (error) {
      pushes.inc({ type: event.type, outcome: 'failed' });
      o.logger.warn({ err: error, type: event.type, eventId: event.id }, 'event not pushed');
    }
  };
}

/** The bindings of the gateway's queue: exactly the keys that have a route. */
export function bindingsOf(routes: EventRoutes): { exchange: ExchangeName; keys: string[] }[] {
  const byExchange = new Map<ExchangeName, string[]>();
  for (const type of Object.keys(routes) as BrokerEventType[]) {
    const exchange = EXCHANGE_OF[type];
    byExchange.set(exchange, [...(byExchange.get(exchange) ?? []), type]);
  }
  return [...byExchange].map(([exchange, keys]) => ({ exchange, keys }));
}
