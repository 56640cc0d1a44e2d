import { mergeWatermarks, NO_WATERMARKS } from '@parley/domain';
import type { ChatId, UserId, Watermarks } from '@parley/domain';
import { DURABLE, updateEach, type Update } from '@parley/mongo';
import { createBatcher } from '@parley/service-kit';
import type { Db } from 'mongodb';
import type { ChatDocument, Database } from '../../database.ts';
import { chatNotFound } from '../chats/members.ts';

const BATCH_MAX = 500;
const GATHER_MS = 20;

/** Both members' watermarks as they were before. */
export type MarksBefore = ChatDocument['marks'];

/**
 * Raises a member's watermarks durably, never lowering them, and gives those from before.
 * @throws HttpProblem chat_not_found
 */
export type RaiseWatermarks = (chatId: ChatId, userId: UserId, reported: Watermarks) => Promise<MarksBefore>;

type Report = { chatId: ChatId; userId: UserId; reported: Watermarks };
type Waiting = Report & { resolve(before: MarksBefore): void; reject(error: unknown): void };

/**
 * Reports that come close together are one read and one durable write, in which each member of a chat is raised once: $max merges what
 * comes from other instances. Of reports by one member the furthest counts as the first, so the others raise nothing.
 */
export function createRaiseWatermarks(db: Db, { chats }: Pick<Database, 'chats'>): RaiseWatermarks {
  const readMarks = async (batch: readonly Report[]): Promise<Map<ChatId, MarksBefore>> => {
    const filter = { _id: { $in: [...new Set(batch.map(({ chatId }) => chatId))] } };
    const found = await chats.find(filter, { projection: { marks: 1 } }).toArray();
    return new Map(found.map(({ _id, marks }) => [_id, marks]));
  };

  const batches = createBatcher<Waiting>({
    max: BATCH_MAX,
    atOnce: 1,
    everyMs: GATHER_MS,
    run: async (batch) => {
      try {
        const marks = await readMarks(batch);
        await updateEach(db, 'chats', furthest(batch).map(raising), DURABLE);
        for (const one of [...batch].sort(byReach)) {
          const before = marks.get(one.chatId);
          if (!before) {
            one.reject(chatNotFound());
            continue;
          }
          one.resolve(before);
          const merged = mergeWatermarks(before[one.userId] ?? NO_WATERMARKS, one.reported);
          marks.set(one.chatId, { ...before, [one.userId]: merged });
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    },
  });
  return (chatId, userId, reported) =>
    new Promise((resolve, reject) => batches.add({ chatId, userId, reported, resolve, reject }));
}

/** Each member's reports of a chat as one. */
function furthest(batch: readonly Report[]): Report[] {
  const merged = new Map<string, Report>();
  for (const { chatId, userId, reported } of batch) {
    const key = `${chatId}:${userId}`;
    const other = merged.get(key)?.reported ?? NO_WATERMARKS;
    merged.set(key, { chatId, userId, reported: mergeWatermarks(other, reported) });
  }
  return [...merged.values()];
}

function raising({ chatId, userId, reported }: Report): Update<ChatDocument> {
  const { delivered, seen } = reported;
  return {
    filter: { _id: chatId },
    update: { $max: { [`marks.${userId}.delivered`]: delivered, [`marks.${userId}.seen`]: seen } },
  };
}

const byReach = (a: Report, b: Report): number =>
  b.reported.delivered + b.reported.seen - (a.reported.delivered + a.reported.seen);
