import type { HeadWithMarks } from '@parley/contracts';
import { GENESIS_HASH, type ChatId, type UserId } from '@parley/domain';
import type { ChatDocument, Database } from '../../database.ts';
import type { Heads } from '../messages/heads.ts';
import type { Privacy } from '../privacy/privacy.ts';
import { presentMarks } from './present-chat.ts';

export type ReadHeads = (callerId: UserId, chatIds: ChatId[]) => Promise<Record<string, HeadWithMarks>>;

const FIELDS = { members: 1, marks: 1, lastSeq: 1, lastRev: 1, 'last.message.hash': 1 } as const;

/**
 * Where the named chats end, for every client's comparison twice a minute: one read for all of them. It is of the projection,
 * which the outbox keeps within seconds of the truth; what this process knows to be newer counts. Chats that are not the
 * caller's are left out, exactly as those that don't exist.
 */
export function createReadHeads(d: { chats: Database['chats']; heads: Heads; privacy: Privacy }): ReadHeads {
  const headOf = (chat: ChatDocument) => {
    const known = d.heads.cached(chat._id);
    if (known && known.rev > chat.lastRev) return known;
    return { seq: chat.lastSeq, rev: chat.lastRev, hash: chat.last.message?.hash ?? GENESIS_HASH };
  };

  return async (callerId, chatIds) => {
    const found = await d.chats.find({ _id: { $in: chatIds }, members: callerId }, { projection: FIELDS }).toArray();
    const entries = found.map(async (chat) => {
      const isPrivate = await d.privacy.hidesReceipts(chat.members);
      return [chat._id, { ...headOf(chat), marks: presentMarks(chat, { viewer: callerId, isPrivate }) }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
}
