import type { HeadWithMarks } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import type { Database } from '../../database.ts';
import type { Heads } from '../messages/heads.ts';
import type { Privacy } from '../privacy/privacy.ts';
import { presentMarks } from './present-chat.ts';
import { PROJECTED_HEAD, projectedHead } from './projected-head.ts';

export type ReadHeads = (callerId: UserId, chatIds: ChatId[]) => Promise<Record<string, HeadWithMarks>>;

const FIELDS = { ...PROJECTED_HEAD, members: 1, marks: 1 } as const;

/**
 * Where the named chats end, for every client's comparison twice a minute: one read for all of them. It is of the projection,
 * which the outbox keeps within seconds of the truth; what this process knows to be newer counts. Chats that are not the
 * caller's are left out, exactly as those that don't exist.
 */
export function createReadHeads(d: { chats: Database['chats']; heads: Heads; privacy: Privacy }): ReadHeads {
  return async (callerId, chatIds) => {
    const found = await d.chats.find({ _id: { $in: chatIds }, members: callerId }, { projection: FIELDS }).toArray();
    const entries = found.map(async (chat) => {
      const isPrivate = await d.privacy.hidesReceipts(chat.members);
      const head = projectedHead(chat, d.heads.cached(chat._id));
      return [chat._id, { ...head, marks: presentMarks(chat, { viewer: callerId, isPrivate }) }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  };
}
