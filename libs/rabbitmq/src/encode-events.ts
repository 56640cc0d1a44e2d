import { randomUUID } from 'node:crypto';
import type { ParleyEvent } from './types.ts';

/** Beyond this a message is split: a batch must not hold up what is behind it. */
const CHARACTERS_MAX = 256 * 1024;

/** One message of the broker: an event, or several of one type as one batch. */
export type EncodedEvents<E> = { id: string; type: string; content: Buffer; events: E[] };

/**
 * Makes as few messages of these events as types and size allow, types in the order of their first event. A lone event is the message itself
 * (version 1); several become `{id, type, version: 2, at, payload: [{id, at, payload}]}` with an id of the batch's own.
 */
export function encodeEvents<E extends { event: ParleyEvent }>(entries: readonly E[]): EncodedEvents<E>[] {
  const byType = new Map<string, E[]>();
  for (const entry of entries) {
    const same = byType.get(entry.event.type);
    if (same) same.push(entry);
    else byType.set(entry.event.type, [entry]);
  }
  return [...byType].flatMap(([type, same]) => encodeType(type, same));
}

function encodeType<E extends { event: ParleyEvent }>(type: string, entries: E[]): EncodedEvents<E>[] {
  const messages: EncodedEvents<E>[] = [];
  let items: string[] = [];
  let events: E[] = [];
  let length = 0;
  const close = (): void => {
    const [only] = events;
    if (!only) return;
    messages.push(events.length === 1 ? encodeOne(only) : encodeBatch(type, events, items));
    [items, events, length] = [[], [], 0];
  };
  for (const entry of entries) {
    const { id, at, payload } = entry.event;
    const item = JSON.stringify({ id, at, payload });
    if (length + item.length > CHARACTERS_MAX) close();
    items.push(item);
    events.push(entry);
    length += item.length;
  }
  close();
  return messages;
}

function encodeOne<E extends { event: ParleyEvent }>(entry: E): EncodedEvents<E> {
  const { event } = entry;
  return { id: event.id, type: event.type, content: Buffer.from(JSON.stringify(event)), events: [entry] };
}

function encodeBatch<E extends { event: ParleyEvent }>(type: string, events: E[], items: string[]): EncodedEvents<E> {
  const id = `batch:${randomUUID()}`;
  const head = JSON.stringify({ id, type, version: 2, at: events[0]?.event.at });
  // The items are JSON already: putting them in as they are spares encoding them twice.
  const content = Buffer.from(`${head.slice(0, -1)},"payload":[${items.join(',')}]}`);
  return { id, type, content, events };
}
