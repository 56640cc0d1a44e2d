import type { Chat } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import type { Filter } from 'mongodb';
import type { ChatDocument, Database } from '../../database.ts';
import type { CountUnread } from './count-unread.ts';
import type { MessagePresenter } from '../messages/present-message.ts';
import type { Privacy } from '../privacy/privacy.ts';
import { activityOf, BY_ACTIVITY, decodeActivity, encodeActivity, lessActiveThan } from './activity.ts';
import { presentChat } from './present-chat.ts';

export type ListChats = (
  callerId: UserId,
  page: { limit: number; cursor?: string | undefined },
) => Promise<{ chats: Chat[]; nextCursor: string | null }>;

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
    const filter: Filter<ChatDocument> = {
      members: callerId,
      ...(cursor !== undefined && lessActiveThan(decodeActivity(cursor, 'query.cursor'))),
    };
    const found = await d.chats
      .find(filter, { sort: BY_ACTIVITY, limit: limit + 1, projection: { outbox: 0 } })
      .toArray();
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    return {
      chats: await Promise.all(page.map((chat) => view(chat, callerId))),
      nextCursor: last ? encodeActivity(activityOf(last)) : null,
    };
  };
}
