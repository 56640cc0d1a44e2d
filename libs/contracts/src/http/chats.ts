import { BATCH_IDS_MAX, SEARCH_QUERY_MAX, type ChatId } from '@parley/domain';
import { z } from 'zod';
import {
  chatId,
  clientMessageId,
  emoji,
  messageId,
  messageText,
  nextCursor,
  pageCursor,
  pageLimit,
  sequence,
  sha256,
  timestamp,
  uploadId,
  userId,
} from '../primitives.ts';
import { messageImage } from './uploads.ts';

/** Emoji in the order of their first use, and under each those who chose it in the order of choosing. */
export const reaction = z.object({ emoji: z.string(), userIds: z.array(userId) });
export type Reaction = z.infer<typeof reaction>;

/**
 * A message as its chat's members see it. A deleted one keeps its place and loses its text, picture and reactions. The hashes are of what
 * was sent first, for ever: `editedAt` or `deletedAt` tells that the text is no longer what `bodyHash` covers.
 */
export const message = z.object({
  id: messageId,
  chatId,
  seq: sequence,
  rev: sequence,
  senderId: userId,
  clientMessageId,
  text: z.string().nullable(),
  /** Left out by a sender that knows no pictures yet. */
  image: messageImage.nullable().default(null),
  replyToSeq: sequence.nullable(),
  reactions: z.array(reaction),
  createdAt: timestamp,
  editedAt: timestamp.nullable(),
  deletedAt: timestamp.nullable(),
  prevHash: sha256,
  bodyHash: sha256,
  hash: sha256,
});
export type Message = z.infer<typeof message>;

export const watermarks = z.object({ delivered: sequence, seen: sequence });
/** Per member, how far they have got. */
export const marks = z.record(z.string(), watermarks);
export type MarksById = Record<string, z.infer<typeof watermarks>>;

/** The end of a chat: the newest `seq` and its ledger hash, and the newest change. All 0 and zeros when it is empty. */
export const head = z.object({ seq: sequence, rev: sequence, hash: sha256 });
export type Head = z.infer<typeof head>;

/** A chat as one of its members sees it: `unread` is that member's. */
export const chat = z.object({
  id: chatId,
  members: z.tuple([userId, userId]),
  lastSeq: sequence,
  lastRev: sequence,
  lastMessage: message.nullable(),
  unread: sequence,
  marks,
  createdAt: timestamp,
  updatedAt: timestamp,
});
export type Chat = z.infer<typeof chat>;

export const newChatBody = z.strictObject({ userId });
export const chatsQuery = z.strictObject({ limit: pageLimit, cursor: pageCursor });
export const chatParams = z.strictObject({ chatId });

/** A place in a chat, in a query string. */
export const seqParameter = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
/** Neither: the newest `limit`. `before`: the ones just before it. `after`: the ones just after it. Not both. */
export const messagesQuery = z
  .strictObject({ before: seqParameter, after: seqParameter, limit: pageLimit })
  .refine((query) => query.before === undefined || query.after === undefined, 'before and after exclude each other');

/** A text, a picture, or a picture with its caption. The shape that all ways of sending share. */
export const sendMessageBody = z
  .strictObject({
    chatId,
    clientMessageId,
    text: messageText.optional(),
    uploadId: uploadId.optional(),
    replyToSeq: sequence.min(1).optional(),
  })
  .refine(({ text, uploadId }) => text !== undefined || uploadId !== undefined, {
    path: ['text'],
    message: 'a message has a text or a picture',
  });
export type SendMessageBody = z.infer<typeof sendMessageBody>;

export const messageParams = z.strictObject({ id: messageId });
/** `replaces` is the text that the new one was made from, null where there was none: an edit of another device is then not overwritten unseen. */
export const editMessageBody = z.strictObject({ text: messageText, replaces: messageText.nullable().optional() });
export type EditMessageBody = z.infer<typeof editMessageBody>;
export const reactionParams = z.strictObject({ id: messageId, emoji });

/** `rev` up to which a client has each chat's changes; chats it doesn't name come whole, after `cursor` where that is given. */
export const syncBody = z.strictObject({
  cursors: z
    .record(chatId, sequence)
    .refine((cursors) => Object.keys(cursors).length <= BATCH_IDS_MAX, `at most ${BATCH_IDS_MAX} chats`)
    .transform((cursors) => cursors as Record<ChatId, number>),
  cursor: pageCursor,
});
export type SyncBody = z.input<typeof syncBody>;

/** Without `chatId`: in all chats of the caller, the one with the newest message first. */
export const searchMessagesQuery = z.strictObject({
  q: z.string().trim().min(1).max(SEARCH_QUERY_MAX),
  chatId: chatId.optional(),
  limit: pageLimit,
  cursor: pageCursor,
});

export const receiptBody = z.strictObject({ chatId, seq: sequence });
export type ReceiptBody = z.infer<typeof receiptBody>;

export const chatAnswer = z.object({ chat });
export const chatsAnswer = z.object({ chats: z.array(chat), nextCursor });
export const messageAnswer = z.object({ message });
/** `messages` ascending by seq; `hasMore` tells whether there are more in the direction that was asked for. */
export const messagesAnswer = z.object({ messages: z.array(message), head, hasMore: z.boolean() });
export const marksAnswer = z.object({ marks });

/**
 * What changed in one chat: `messages` have a `rev` above the cursor, ascending, each as it is now. `hasMore`: ask again with the
 * `rev` of the last one got as the cursor; otherwise the cursor is now `head.rev`.
 */
export const syncedChat = z.object({ id: chatId, head, marks, messages: z.array(message), hasMore: z.boolean() });
export type SyncedChat = z.infer<typeof syncedChat>;
/** `nextCursor` leads to further chats that weren't named; null where there are none, and where so many were named that none has room. */
export const syncAnswer = z.object({ chats: z.array(syncedChat), nextCursor });
export type SyncAnswer = z.infer<typeof syncAnswer>;

/** A page may hold fewer than `limit`, even none, and still have a `nextCursor`: that is where the search goes on. */
export const searchMessagesAnswer = z.object({ messages: z.array(message), nextCursor });
