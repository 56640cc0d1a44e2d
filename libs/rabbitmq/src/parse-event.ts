import { brokerEvent } from '@parley/contracts';
import type { ConsumeMessage } from 'amqplib';
import type { DeliveryMeta, ParleyEvent } from './types.ts';

/**
 * The event in a delivery.
 * @throws SyntaxError or ZodError when it is none
 */
export function parseEvent(message: ConsumeMessage): ParleyEvent {
  return brokerEvent.parse(JSON.parse(message.content.toString()));
}

export function metaOf(message: ConsumeMessage): DeliveryMeta {
  return { redelivered: message.fields.redelivered, messageId: String(message.properties.messageId ?? '') };
}
