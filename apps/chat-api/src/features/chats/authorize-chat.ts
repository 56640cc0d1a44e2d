import type { HeadWithMarks } from '@parley/contracts';
import type { ChatId, MemberPair, UserId } from '@parley/domain';
import type { Database } from '../../database.ts';
import type { Privacy } from '../privacy/privacy.ts';
import type { Heads } from '../messages/heads.ts';
import { chatNotFound, type Members } from './members.ts';
import { presentMarks } from './present-chat.ts';

export type AuthorizeChat = (callerId: UserId, chatId: ChatId) => Promise<{ members: MemberPair; head: HeadWithMarks }>;

/**
 * Whether somebody may join a chat, and where it ends: what the gateway asks once for each `join`.
 * @throws HttpProblem chat_not_found
 */
export function createAuthorizeChat(d: {
  chats: Database['chats'];
  members: Members;
  heads: Heads;
  privacy: Privacy;
}): AuthorizeChat {
  return async (callerId, chatId) => {
    const members = await d.members.require(chatId, callerId);
    const [chat, head, isPrivate] = await Promise.all([
      d.chats.findOne({ _id: chatId }, { projection: { _id: 0, members: 1, marks: 1 } }),
      d.heads.read(chatId),
      d.privacy.hidesReceipts(members),
    ]);
    if (!chat) throw chatNotFound();
    return { members, head: { ...head, marks: presentMarks(chat, { viewer: callerId, isPrivate }) } };
  };
}
