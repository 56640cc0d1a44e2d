import type { Head, SyncAnswer, syncBody, SyncedChat } from '@parley/contracts';
import type { Filter } from 'mongodb';
import { BATCH_IDS_MAX, SYNC_CHAT_MESSAGES_MAX, SYNC_MESSAGES_MAX } from '@parley/domain';
import type { ChatId, UserId } from '@parley/domain';
import type { z } from 'zod';
import { STORED, type ChatDocument, type Database, type StoredMessage } from '../../database.ts';
import { activityOf, BY_ACTIVITY, decodeActivity, encodeActivity, lessActiveThan } from '../chats/activity.ts';
import { presentMarks } from '../chats/present-chat.ts';
import { PROJECTED_HEAD, projectedHead } from '../chats/projected-head.ts';
import { atLeast } from '../messages/at-least.ts';
import type { Heads } from '../messages/heads.ts';
import type { MessagePresenter } from '../messages/present-message.ts';
import type { Privacy } from '../privacy/privacy.ts';
import { planSync, type SyncRead } from './plan-sync.ts';

export type SyncChats = (callerId: UserId, request: z.output<typeof syncBody>) => Promise<SyncAnswer>;

const MAX = { perChat: SYNC_CHAT_MESSAGES_MAX, inAll: SYNC_MESSAGES_MAX };
const FIELDS = { ...PROJECTED_HEAD, members: 1, marks: 1, 'last.at': 1 } as const;

/**
 * What changed in the caller's chats since the revs a client has: the named chats that are theirs and, up to 200 in all, others of
 * theirs from the beginning, in both groups the one with the newest message first. `nextCursor` leads to further others.
 *
 * Where the chats end is read before their messages, and a rev is only ever given after all lower ones are stored. So a scan upwards
 * from the cursor that comes to its end has seen every change up to that head: what was changed again meanwhile has moved up, where
 * the scan still meets it or the next one will.
 *
 * The heads are the projection of the `chats`: one read for all of them. It may lag, but no change is pushed before it is projected, so
 * a client that listens before it syncs misses nothing.
 *
 * @throws HttpProblem invalid_request for a cursor that no answer gave
 */
export function createSyncChats(
  d: Pick<Database, 'chats' | 'messages'> & { heads: Heads; privacy: Privacy; present: MessagePresenter },
): SyncChats {
  const find = (filter: Filter<ChatDocument>, limit: number): Promise<ChatDocument[]> =>
    d.chats.find(filter, { projection: FIELDS, sort: BY_ACTIVITY, limit, batchSize: limit }).toArray();

  const findChats = async (callerId: UserId, named: ChatId[], cursor: string | undefined) => {
    const from = cursor === undefined ? {} : lessActiveThan(decodeActivity(cursor, 'body.cursor'));
    const room = BATCH_IDS_MAX - named.length;
    const [own, others] = await Promise.all([
      named.length > 0 ? find({ _id: { $in: named }, members: callerId }, named.length) : [],
      // One more tells whether there are further ones. Named ones stand in their place of the order, and are skipped there.
      room > 0 ? find({ _id: { $nin: named }, members: callerId, ...from }, room + 1) : [],
    ]);
    const page = others.slice(0, room);
    const last = others.length > room ? page.at(-1) : undefined;
    return { chats: [...own, ...page], nextCursor: last ? encodeActivity(activityOf(last)) : null };
  };

  const readChanges = async ({ id, cursor, limit }: SyncRead): Promise<StoredMessage[]> => {
    if (limit === 0) return [];
    // The size of the batch saves a second round trip, which the driver makes beyond 101.
    const page = { sort: { rev: 1 }, limit: limit + 1, batchSize: limit + 1, projection: STORED } as const;
    const found: StoredMessage[] = await d.messages.find({ chatId: id, rev: { $gt: cursor } }, page).toArray();
    return found;
  };

  const view = async (o: { chat: ChatDocument; head: Head; read: SyncRead; viewer: UserId }): Promise<SyncedChat> => {
    const { chat, head, read, viewer } = o;
    const [found, isPrivate] = await Promise.all([readChanges(read), d.privacy.hidesReceipts(chat.members)]);
    const page = withoutDoubles(found.slice(0, read.limit));
    return {
      id: chat._id,
      head: atLeast(head, page),
      marks: presentMarks(chat, { viewer, isPrivate }),
      messages: await d.present.all(page),
      hasMore: read.limit === 0 ? head.rev > read.cursor : found.length > read.limit,
    };
  };

  return async (callerId, { cursors, cursor }) => {
    const { chats, nextCursor } = await findChats(callerId, Object.keys(cursors) as ChatId[], cursor);
    const ends = chats.map((chat) => ({ chat, head: projectedHead(chat, d.heads.cached(chat._id)) }));
    const plan = planSync(
      ends.map(({ chat, head }) => ({ id: chat._id, headRev: head.rev, cursor: cursors[chat._id] ?? 0 })),
      MAX,
    );
    const synced = await Promise.all(
      ends.map(({ chat, head }, index) => {
        const read = plan[index] ?? { id: chat._id, cursor: 0, limit: 0 };
        return view({ chat, head, read, viewer: callerId });
      }),
    );
    return { chats: synced, nextCursor };
  };
}

/** A message that was changed while it was read may come at both of its revs: the later is how it is now. */
function withoutDoubles(messages: StoredMessage[]): StoredMessage[] {
  const newest = new Map(messages.map((message) => [message._id, message]));
  return messages.filter((message) => newest.get(message._id) === message);
}
