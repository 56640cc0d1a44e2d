import { brokerEvent, brokerEventBatch } from '@parley/contracts';
import type { ConsumeMessage, Message } from 'amqplib';
import type { DeliveryMeta, ParleyEvent } from './types.ts';

/** One event of a delivery as it came, which may still turn out to be none. */
export type RawEvent = { id: string; json: unknown };

/**
 * What a delivery carries: one event, or the items of a batch, each as the event it would be alone.
 * @throws SyntaxError or ZodError when it is neither
 */
export function splitDelivery(message: Message): RawEvent[] {
  const json = JSON.parse(message.content.toString()) as unknown;
  const batch = brokerEventBatch.safeParse(json);
  if (!batch.success) return [{ id: String(message.properties.messageId ?? ''), json }];
  const { type, payload } = batch.data;
  return payload.map((item) => ({ id: item.id, json: { ...item, type, version: 1 } }));
}

/** @throws ZodError when it is no event */
export function parseEvent(raw: RawEvent): ParleyEvent {
  return brokerEvent.parse(raw.json);
}

export function metaOf(message: ConsumeMessage, raw: RawEvent): DeliveryMeta {
  return { redelivered: message.fields.redelivered, messageId: raw.id };
}
