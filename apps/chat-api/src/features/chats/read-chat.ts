import type { Chat } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import type { ChatDocument, Database } from '../../database.ts';
import type { Heads } from '../messages/heads.ts';
import type { MessagePresenter } from '../messages/present-message.ts';
import type { CountUnread } from './count-unread.ts';
import type { Privacy } from '../privacy/privacy.ts';
import { chatNotFound, type Members } from './members.ts';
import { presentChat } from './present-chat.ts';

export type ReadChatDependencies = {
  chats: Database['chats'];
  members: Members;
  heads: Heads;
  countUnread: CountUnread;
  privacy: Privacy;
  present: MessagePresenter;
};

/** A chat as one of its members sees it now, from `messages` themselves: exact, also while the projection lags. */
export function createViewChat(d: Pick<ReadChatDependencies, 'heads' | 'countUnread' | 'privacy' | 'present'>) {
  return async (chat: ChatDocument, callerId: UserId): Promise<Chat> => {
    const [{ head, newest }, unread, isPrivate] = await Promise.all([
      d.heads.readTail(chat._id),
      d.countUnread(chat, callerId),
      d.privacy.hidesReceipts(chat.members),
    ]);
    const lastMessage = newest && (await d.present.one(newest));
    const shown = { lastSeq: head.seq, lastRev: head.rev, lastMessage, unread };
    return presentChat(chat, { ...shown, viewer: callerId, isPrivate });
  };
}

export type ReadChat = (callerId: UserId, chatId: ChatId) => Promise<Chat>;

/** @throws HttpProblem chat_not_found */
export function createReadChat(d: ReadChatDependencies): ReadChat {
  const viewChat = createViewChat(d);
  return async (callerId, chatId) => {
    await d.members.require(chatId, callerId);
    const chat = await d.chats.findOne({ _id: chatId });
    if (!chat) throw chatNotFound();
    return viewChat(chat, callerId);
  };
}
