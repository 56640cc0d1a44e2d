import { BATCH_IDS_MAX } from '@parley/domain';
import { z } from 'zod';
import { chat, marksAnswer, message, receiptBody, sendMessageBody } from '../http/chats.ts';
import { errorCode } from '../http/problem.ts';
import { presenceAnswer } from '../http/users.ts';
import { chatId, uploadId, userId } from '../primitives.ts';
import { headWithMarks } from '../socket/socket-events.ts';

/**
 * What the gateway, or another service, asks of a service over RabbitMQ (direct reply-to). `callerId` is who the gateway verified, never what a payload said.
 * A command that is not the caller's answers with the error of a thing that doesn't exist.
 */
export const commands = {
  'chat.authorize': {
    queue: 'chat.commands',
    input: z.strictObject({ callerId: userId, chatId }),
    output: z.object({ members: z.tuple([userId, userId]), head: headWithMarks }),
  },
  'chat.present': {
    queue: 'chat.commands',
    input: z.strictObject({ callerId: userId, chatId }),
    output: z.object({ chat }),
  },
  'chat.sendMessage': {
    queue: 'chat.commands',
    input: sendMessageBody.safeExtend({ callerId: userId }),
    output: z.object({ message }),
  },
  'chat.markDelivered': {
    queue: 'chat.commands',
    input: receiptBody.extend({ callerId: userId }),
    output: marksAnswer,
  },
  'chat.markSeen': {
    queue: 'chat.commands',
    input: receiptBody.extend({ callerId: userId }),
    output: marksAnswer,
  },
  'chat.heads': {
    queue: 'chat.commands',
    input: z.strictObject({ callerId: userId, chatIds: z.array(chatId).max(BATCH_IDS_MAX) }),
    output: z.object({ heads: z.record(z.string(), headWithMarks) }),
  },
  /** Presence of those whose privacy lets the caller see it; the others are left out. */
  'user.presence': {
    queue: 'user.commands',
    input: z.strictObject({ callerId: userId, userIds: z.array(userId).max(BATCH_IDS_MAX) }),
    output: presenceAnswer,
  },
  /** Which of these uploads are the avatars of these people, as their profiles are stored: chat-api asks before it deletes one. */
  'user.avatarsShown': {
    queue: 'user.commands',
    input: z.strictObject({ avatars: z.array(z.strictObject({ userId, uploadId })).max(BATCH_IDS_MAX) }),
    output: z.object({ uploadIds: z.array(uploadId) }),
  },
} as const;

export type CommandName = keyof typeof commands;
export type CommandInput<C extends CommandName> = z.infer<(typeof commands)[C]['input']>;
export type CommandOutput<C extends CommandName> = z.infer<(typeof commands)[C]['output']>;
export type CommandQueue = (typeof commands)[CommandName]['queue'];

export const commandName = z.enum(Object.keys(commands) as [CommandName, ...CommandName[]]);

/**
 * Calls that were made close together travel in one message, `commandBatch`, and their answers in as few as may be, `commandReplies`. Each
 * call stands for itself: its `id`, unique for its caller, leads the answer back, and one that is malformed harms none of the others.
 */
export const commandCall = z.object({ id: z.number().int(), command: z.string(), payload: z.unknown() });
export type CommandCall = z.infer<typeof commandCall>;
export const commandBatch = z.array(z.unknown());

export const commandReply = z.discriminatedUnion('ok', [
  z.object({ id: z.number().int(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.number().int(), ok: z.literal(false), error: z.object({ code: errorCode, detail: z.string() }) }),
]);
export type CommandReply = z.infer<typeof commandReply>;
export const commandReplies = z.array(commandReply);
