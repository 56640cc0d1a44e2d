import type { Chat } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import type { Filter } from 'mongodb';
import { z } from 'zod';
import type { ChatDocument, Database } from '../../database.ts';
import type { CountUnread } from './count-unread.ts';
import type { MessagePresenter } from '../messages/present-message.ts';
import type { Privacy } from '../privacy/privacy.ts';
import { presentChat } from './present-chat.ts';

export type ListChats = (
  callerId: UserId,
  page: { limit: number; cursor?: string | undefined },
) => Promise<{ chats: Chat[]; nextCursor: string | null }>;

/** Where a page ended: the chat's last activity in milliseconds, and its id. */
const position = z.tuple([z.number().int(), z.guid()]);

/**
 * The caller's chats, the one with the newest message first.
 * @throws HttpProblem invalid_request for a cursor that no page gave
 */
export function createListChats(d: {
  chats: Database['chats'];
  countUnread: CountUnread;
  privacy: Privacy;
  present: MessagePresenter;
}): ListChats {
  const view = async (chat: ChatDocument, callerId: UserId): Promise<Chat> => {
    const seen = chat.marks[callerId]?.seen ?? 0;
    const { message } = chat.last;
    const [unread, isPrivate, lastMessage] = await Promise.all([
      chat.lastSeq > seen ? d.countUnread(chat, callerId) : 0,
      d.privacy.hidesReceipts(chat.members),
      message && d.present.one(message),
    ]);
    return presentChat(chat, {
      lastSeq: chat.lastSeq,
      lastRev: chat.lastRev,
      lastMessage,
      unread,
      viewer: callerId,
      isPrivate,
    });
  };

  return async (callerId, { limit, cursor }) => {
    const filter: Filter<ChatDocument> = { members: callerId, ...(cursor === undefined ? {} : after(cursor)) };
    const found = await d.chats
      .find(filter, { sort: { 'last.at': -1, _id: -1 }, limit: limit + 1, projection: { outbox: 0 } })
      .toArray();
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      chats: await Promise.all(page.map((chat) => view(chat, callerId))),
      nextCursor: last ? encodeCursor(last) : null,
    };
  };
}

function encodeCursor(chat: ChatDocument): string {
  return Buffer.from(JSON.stringify([chat.last.at.getTime(), chat._id])).toString('base64url');
}

function after(cursor: string): Filter<ChatDocument> {
  const [time, id] = decodeCursor(cursor);
  const at = new Date(time);
  const older = { $or: [{ 'last.at': { $lt: at } }, { 'last.at': at, _id: { $lt: id as ChatDocument['_id'] } }] };
  // Says it once more in a way that bounds the index, so that a page reads none of the pages before it.
  return { 'last.at': { $lte: at }, ...older };
}

function decodeCursor(cursor: string): z.infer<typeof position> {
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new HttpProblem('invalid_request', 'The request is not valid.', {
      errors: [{ path: 'query.cursor', message: 'is not a cursor of this list' }],
    });
  }
}
