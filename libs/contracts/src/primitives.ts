import {
  BATCH_IDS_MAX,
  isEmoji,
  MESSAGE_TEXT_MAX,
  PAGE_LIMIT_DEFAULT,
  PAGE_LIMIT_MAX,
  type ChatId,
  type ClientMessageId,
  type MessageId,
  type SessionId,
  type UploadId,
  type UserId,
} from '@parley/domain';
import { z } from 'zod';

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A UUID in any letter case, kept in lower case: `A…` and `a…` are one id. One schema and not a chain of them, since ids are most of what a
 * gateway checks.
 */
const uuid = <Id extends string>() => z.guid('must be a UUID').toLowerCase() as unknown as z.ZodType<Id, string>;

export const userId = uuid<UserId>();
export const chatId = uuid<ChatId>();
export const messageId = uuid<MessageId>();
export const sessionId = uuid<SessionId>();
export const uploadId = uuid<UploadId>();
export const clientMessageId = uuid<ClientMessageId>();

/** ISO 8601, UTC, with milliseconds. */
export const timestamp = z.iso.datetime({ precision: 3 });
export const sequence = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
/** A SHA-256 in lower-case hex. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a person typed: not blank, and without the lone surrogates that no UTF-8 can carry. */
export const messageText = z
  .string()
  .max(MESSAGE_TEXT_MAX)
  .refine((text) => text.trim() !== '', 'must not be blank')
  .refine((text) => !LONE_SURROGATE.test(text), 'must be well-formed Unicode');

/** Exactly one emoji. */
export const emoji = z.string().refine(isEmoji, 'must be one emoji');

/** `limit` in a query string. */
export const pageLimit = z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT);
/** Opaque to clients: they send back what the last page gave. */
export const pageCursor = z.string().min(1).max(512).optional();
export const nextCursor = z.string().nullable();

/** `ids=a,b,c` in a query string. */
export const idList = z
  .string()
  .max(BATCH_IDS_MAX * 37)
  .transform((list) => [...new Set(list.split(',').filter((id) => id !== ''))])
  .pipe(z.array(userId).min(1).max(BATCH_IDS_MAX));
