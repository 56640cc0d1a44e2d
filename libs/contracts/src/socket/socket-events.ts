import { BATCH_IDS_MAX, type ChatId, type UserId } from '@parley/domain';
import { z } from 'zod';
import {
  chat,
  head,
  marks,
  message,
  sendMessageBody,
  receiptBody,
  type Head,
  type MarksById,
  type Message,
} from '../http/chats.ts';
import { errorCode, fieldError, type ErrorCode } from '../http/problem.ts';
import type { PresenceById } from '../http/users.ts';
import { chatId, sequence, sha256, timestamp, userId } from '../primitives.ts';

/** What a client's event must carry. Strict: an unknown field is an `invalid_request`. */
export const clientEventSchemas = {
  join: z.strictObject({ chatId }),
  typing: z.strictObject({ chatId, typing: z.boolean() }),
  sendMessage: sendMessageBody,
  delivered: receiptBody,
  seen: receiptBody,
  'presence:subscribe': z.strictObject({ userIds: z.array(userId).max(BATCH_IDS_MAX) }),
  heads: z.strictObject({ chatIds: z.array(chatId).max(BATCH_IDS_MAX) }),
} as const;

export type ClientEventName = keyof typeof clientEventSchemas;
export type ClientEventPayload<E extends ClientEventName> = z.infer<(typeof clientEventSchemas)[E]>;

/** End of a chat for comparing: what a client must have, and how far both members are. */
export const headWithMarks = head.extend({ marks });
export type HeadWithMarks = Head & { marks: MarksById };

/** What an acknowledgement adds to `ok: true`. */
export type ClientEventResult = {
  join: { head: HeadWithMarks };
  typing: object;
  sendMessage: { message: Message };
  delivered: { marks: MarksById };
  seen: { marks: MarksById };
  'presence:subscribe': { presence: PresenceById };
  heads: { heads: Record<string, HeadWithMarks> };
};

export type SocketError = { code: ErrorCode; detail: string };
export type Ack<Result> = ({ ok: true } & Result) | { ok: false; error: SocketError };

export const ackError = z.object({
  ok: z.literal(false),
  error: z.object({ code: errorCode, detail: z.string(), errors: z.array(fieldError).optional() }),
});

/** What the server pushes. Pushes are hints: a client heals by `seq`, `rev` and heads whatever is lost or doubled. */
export const serverEventSchemas = {
  ready: z.object({ userId, serverTime: timestamp }),
  typing: z.object({ chatId, userId, typing: z.boolean() }),
  message: z.object({ message }),
  'message:updated': z.object({ message }),
  'message:delivered': z.object({ chatId, userId, seq: sequence, hash: sha256, at: timestamp }),
  'message:seen': z.object({ chatId, userId, seq: sequence, hash: sha256, at: timestamp }),
  'user:online': z.object({ userId }),
  'user:offline': z.object({ userId, lastSeenAt: timestamp.nullable() }),
  'chat:created': z.object({ chat }),
  'session:revoked': z.object({}),
  'sync:required': z.object({}),
  drain: z.object({ retryInMs: z.number().int().min(0) }),
} as const;

export type ServerEventName = keyof typeof serverEventSchemas;
export type ServerEventPayload<E extends ServerEventName> = z.infer<(typeof serverEventSchemas)[E]>;

/** Socket.IO's event maps: one declaration types both ends. */
export type ClientToServerEvents = {
  [E in ClientEventName]: (
    payload: ClientEventPayload<E>,
    acknowledge: (answer: Ack<ClientEventResult[E]>) => void,
  ) => void;
};
export type ServerToClientEvents = { [E in ServerEventName]: (payload: ServerEventPayload<E>) => void };

/** Socket.IO rooms of the gateway. */
export const userRoom = (id: UserId) => `user:${id}`;
export const chatRoom = (id: ChatId) => `chat:${id}`;
export const presenceRoom = (id: UserId) => `presence:${id}`;
