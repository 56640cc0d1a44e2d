import type { Chat } from '@parley/contracts';
import { memberPair, NO_WATERMARKS, pairKey, type ChatId, type MemberPair, type UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE, isDuplicateKey } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { ChatDocument, Database } from '../../database.ts';
import type { Blocks } from '../blocks/blocks.ts';
import type { PersonExists } from '../people/find-person.ts';
import type { Members } from './members.ts';

/** `isNew` is false when the two had a chat already. */
export type OpenChatResult = { chat: Chat; isNew: boolean };
export type OpenChat = (callerId: UserId, otherId: UserId, authorization: string) => Promise<OpenChatResult>;

export type OpenChatDependencies = {
  chats: Database['chats'];
  members: Members;
  blocks: Blocks;
  personExists: PersonExists;
  viewChat(chat: ChatDocument, callerId: UserId): Promise<Chat>;
  onOpened(chat: ChatDocument): void;
  newId(): ChatId;
  clock: Clock;
};

/**
 * The one chat of two people, made if need be. The unique pair key decides when both open it at once. An existing chat is
 * given also when one blocks the other: they may still read it.
 *
 * @throws HttpProblem cannot_chat_with_self, blocked, user_not_found; unavailable when user-api can't tell who exists
 */
export function createOpenChat(d: OpenChatDependencies): OpenChat {
  const insert = async (chat: ChatDocument): Promise<boolean> => {
    try {
      await d.chats.insertOne(chat, { writeConcern: DURABLE });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  };

  return async (callerId, otherId, authorization) => {
    if (otherId === callerId) throw new HttpProblem('cannot_chat_with_self', 'A chat has two different members.');
    const members = memberPair(callerId, otherId);
    const key = { pairKey: pairKey(members) };

    const existing = await d.chats.findOne(key);
    if (existing) return { chat: await d.viewChat(existing, callerId), isNew: false };
    if (await d.blocks.between(members)) throw new HttpProblem('blocked', 'One of you has blocked the other.');
    if (!(await d.personExists(otherId, authorization))) {
      throw new HttpProblem('user_not_found', 'There is no such person.');
    }

    const chat = newChat({ id: d.newId(), members, createdBy: callerId, createdAt: d.clock() });
    if (!(await insert(chat))) {
      const winner = await d.chats.findOne(key);
      if (!winner) throw new Error('a chat was refused as a duplicate of one that is not there');
      return { chat: await d.viewChat(winner, callerId), isNew: false };
    }
    d.members.remember(chat._id, members);
    d.onOpened(chat);
    return { chat: await d.viewChat(chat, callerId), isNew: true };
  };
}

function newChat(o: { id: ChatId; members: MemberPair; createdBy: UserId; createdAt: Date }): ChatDocument {
  const { members, createdBy, createdAt } = o;
  return {
    _id: o.id,
    pairKey: pairKey(members),
    members,
    createdBy,
    createdAt,
    lastSeq: 0,
    lastRev: 0,
    // A chat without a message has its place in the list too.
    last: { at: createdAt, seq: 0, rev: 0, message: null },
    marks: Object.fromEntries(members.map((member) => [member, NO_WATERMARKS])),
    outbox: { at: createdAt },
  };
}
