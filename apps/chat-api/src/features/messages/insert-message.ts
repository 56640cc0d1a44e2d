import { randomUUID } from 'node:crypto';
import { DURABLE } from '@parley/mongo';
import { createBatcher } from '@parley/service-kit';
import type { Db } from 'mongodb';
import type { MessageDocument } from '../../database.ts';

const BATCHES_AT_ONCE = 2;
const BATCH_MAX = 100;
const GATHER_MS = 4;
const DUPLICATE_KEY = 11_000;

/** A unique index refused the document: its place is taken, or its clientMessageId is known. */
export class TakenError extends Error {
  override readonly name = 'TakenError';
}

type Waiting = { document: MessageDocument; resolve(): void; reject(error: unknown): void };
type WriteError = { index: number; code: number; errmsg: string };

/**
 * Inserts messages durably. While a few inserts are under way, those of further chats gather and go together: one command
 * and one journal write for many, where each alone costs the driver about twenty-five times as much.
 *
 * The caller hands in no second message of a chat before the first is settled, so a batch never holds two of one chat:
 * the first losing a race would leave a hole before the second.
 * The `insert` command itself is used, since the driver's helpers hide which documents of a batch were written.
 */
export function createMessageInserter(db: Db): (document: MessageDocument) => Promise<void> {
  const writeBatch = async (batch: Waiting[]): Promise<void> => {
    // Their entries can then be unset together; an edit writes an entry without it.
    const token = randomUUID();
    for (const { document } of batch) if (document.outbox) document.outbox.token = token;
    try {
      const reply = await db.command({
        insert: 'messages',
        documents: batch.map(({ document }) => document),
        ordered: false,
        writeConcern: { w: DURABLE.w, j: DURABLE.journal },
      });
      // Written, but not known to be safe: as good as not written, until a retry finds it.
      if (reply['writeConcernError']) throw new Error(`not durable: ${JSON.stringify(reply['writeConcernError'])}`);
      const refused = new Map(((reply['writeErrors'] ?? []) as WriteError[]).map((error) => [error.index, error]));
      batch.forEach(({ resolve, reject }, index) => {
        const error = refused.get(index);
        if (!error) resolve();
        else reject(error.code === DUPLICATE_KEY ? new TakenError(error.errmsg) : new Error(error.errmsg));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  const batches = createBatcher<Waiting>({
    run: writeBatch,
    max: BATCH_MAX,
    atOnce: BATCHES_AT_ONCE,
    everyMs: GATHER_MS,
  });
  return (document) => new Promise((resolve, reject) => batches.add({ document, resolve, reject }));
}
