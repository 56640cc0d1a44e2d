import { z } from 'zod';
import { message, watermarks } from '../http/chats.ts';
import { privacy } from '../http/users.ts';
import { chatId, sequence, sessionId, sha256, timestamp, userId } from '../primitives.ts';

/** The durable topic exchanges; the routing key of an event is its `type`. */
export const EXCHANGES = ['chat.events', 'user.events', 'auth.events'] as const;
export type ExchangeName = (typeof EXCHANGES)[number];

const event = <Type extends string, Payload extends z.ZodType>(type: Type, payload: Payload) =>
  z.object({
    /** Unique and the same on every publication of one fact: `<what>:<its id>:<its version>`; AMQP `messageId`. */
    id: z.string().min(1).max(200),
    type: z.literal(type),
    version: z.literal(1),
    at: timestamp,
    payload,
  });

const members = z.tuple([userId, userId]);

export const brokerEvent = z.discriminatedUnion('type', [
  event('message.created', z.object({ members, message })),
  event('message.updated', z.object({ members, message })),
  event(
    'receipt.updated',
    z.object({
      members,
      chatId,
      userId,
      kind: z.enum(['delivered', 'seen']),
      seq: sequence,
      hash: sha256,
      marks: watermarks,
      /** Who may be told; both members when it is left out. */
      audience: z.array(userId).min(1).optional(),
    }),
  ),
  event('chat.created', z.object({ chatId, members, createdBy: userId, createdAt: timestamp })),
  event('user.registered', z.object({ userId, username: z.string(), displayName: z.string(), createdAt: timestamp })),
  event(
    'user.updated',
    z.object({
      userId,
      username: z.string(),
      displayName: z.string(),
      bio: z.string(),
      avatarUrl: z.string().nullable(),
      privacy,
      privacyChanged: z.boolean(),
    }),
  ),
  event('user.blocked', z.object({ userId, blockedUserId: userId })),
  event('user.unblocked', z.object({ userId, blockedUserId: userId })),
  event('session.revoked', z.object({ userId, sessionId })),
]);
export type BrokerEvent = z.infer<typeof brokerEvent>;
export type BrokerEventType = BrokerEvent['type'];
export type BrokerEventOf<T extends BrokerEventType> = Extract<BrokerEvent, { type: T }>;

/**
 * Several events of one type that were told close together, in one message of their own id. `payload` holds what differs: each item, with the
 * type and as version 1, is an event as above, and stands for itself.
 */
export const brokerEventBatch = z.object({
  id: z.string().min(1).max(200),
  type: z.string(),
  version: z.literal(2),
  at: timestamp,
  payload: z.array(z.looseObject({ id: z.string() })).min(1),
});
export type BrokerEventBatch = z.infer<typeof brokerEventBatch>;

/** Where each event goes. */
export const EXCHANGE_OF = {
  'message.created': 'chat.events',
  'message.updated': 'chat.events',
  'receipt.updated': 'chat.events',
  'chat.created': 'chat.events',
  'user.registered': 'auth.events',
  'user.updated': 'user.events',
  'user.blocked': 'user.events',
  'user.unblocked': 'user.events',
  'session.revoked': 'auth.events',
} as const satisfies Record<BrokerEventType, ExchangeName>;

export const DEAD_LETTER_EXCHANGE = 'parley.dlx';
export const DEAD_LETTER_QUEUE = 'parley.dlq';
export const ANALYTICS_QUEUE = 'analytics.daily';
/** A gateway's own queue. */
export const gatewayQueue = (bootId: string) => `rt.gw.${bootId}`;
