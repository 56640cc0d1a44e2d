import {
  chatAnswer,
  chatsAnswer,
  marksAnswer,
  messageAnswer,
  messagesAnswer,
  type Chat,
  type MarksById,
  type Message,
  type SendMessageBody,
} from '@parley/contracts';
import { PAGE_LIMIT_MAX, type ChatId, type UserId } from '@parley/domain';
import type { z } from 'zod';
import type { Exchange } from '../http/exchange.ts';

const PATH = '/api/v1/chat';

export type MessagesPage = z.infer<typeof messagesAnswer>;

/** One page of my chats, newest activity first. */
export const listChats = (exchange: Exchange, cursor?: string): Promise<z.infer<typeof chatsAnswer>> =>
  exchange({ method: 'GET', path: `${PATH}/all`, query: { limit: PAGE_LIMIT_MAX, cursor }, answer: chatsAnswer });

/** The chat with a person, made where there is none yet. */
export const openChat = async (exchange: Exchange, userId: UserId): Promise<Chat> =>
  (await exchange({ method: 'POST', path: `${PATH}/new`, body: { userId }, answer: chatAnswer })).chat;

/** Messages just `before` or just `after` a seq; the newest ones where neither is named. */
export const listMessages = (
  exchange: Exchange,
  chatId: ChatId,
  query: { before?: number; after?: number; limit?: number },
): Promise<MessagesPage> =>
  exchange({ method: 'GET', path: `${PATH}/message/${chatId}`, query, answer: messagesAnswer });

/** Sends over HTTP; a repetition under the same clientMessageId gives the message that is stored. */
export const postMessage = async (exchange: Exchange, body: SendMessageBody): Promise<Message> =>
  (await exchange({ method: 'POST', path: `${PATH}/message`, body, answer: messageAnswer })).message;

/** Reports how far this person has got, over HTTP. */
export const postReceipt = async (
  exchange: Exchange,
  kind: 'delivered' | 'seen',
  body: { chatId: ChatId; seq: number },
): Promise<MarksById> => (await exchange({ method: 'POST', path: `${PATH}/${kind}`, body, answer: marksAnswer })).marks;
