import {
  chatAnswer,
  chatsAnswer,
  marksAnswer,
  messageAnswer,
  messagesAnswer,
  syncAnswer,
  type Chat,
  type MarksById,
  type Message,
  type SendMessageBody,
  type SyncedChat,
} from '@parley/contracts';
import { BATCH_IDS_MAX, type ChatId, type UserId } from '@parley/domain';
import type { z } from 'zod';
import type { Exchange } from '../http/exchange.ts';

const PATH = '/api/v1/chat';

export type MessagesPage = z.infer<typeof messagesAnswer>;

/** One page of my chats, newest activity first. */
export const listChats = (
  exchange: Exchange,
  query: { limit: number; cursor?: string | undefined },
): Promise<z.infer<typeof chatsAnswer>> => exchange({ method: 'GET', path: `${PATH}/all`, query, answer: chatsAnswer });

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

/** What changed after each cursor, for at most BATCH_IDS_MAX chats; chats that aren't named come too, from their beginning. */
export const syncChats = async (exchange: Exchange, cursors: ReadonlyMap<ChatId, number>): Promise<SyncedChat[]> => {
  const body = { cursors: Object.fromEntries([...cursors].slice(0, BATCH_IDS_MAX)) };
  return (await exchange({ method: 'POST', path: `${PATH}/sync`, body, answer: syncAnswer })).chats;
};

/** Sends over HTTP; a repetition under the same clientMessageId gives the message that is stored. */
export const postMessage = async (exchange: Exchange, body: SendMessageBody): Promise<Message> =>
  (await exchange({ method: 'POST', path: `${PATH}/message`, body, answer: messageAnswer })).message;

/** Reports how far this person has got, over HTTP. */
export const postReceipt = async (
  exchange: Exchange,
  kind: 'delivered' | 'seen',
  body: { chatId: ChatId; seq: number },
): Promise<MarksById> => (await exchange({ method: 'POST', path: `${PATH}/${kind}`, body, answer: marksAnswer })).marks;
