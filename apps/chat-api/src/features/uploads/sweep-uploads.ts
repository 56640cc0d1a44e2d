import type { UploadId } from '@parley/domain';
import type { ObjectStorage } from '@parley/object-storage';
import type { Clock, Logger } from '@parley/service-kit';
import type { Database, UploadDocument } from '../../database.ts';
import { UNUSED_MS } from './create-upload.ts';

const PAGE = 100;
/**
 * Up to which age rendered files are asked about. Whatever is older was asked about when it was younger, and a sweeper that is
 * connected to a wrong or an empty database must not take a whole bucket for leftovers.
 */
const ASKED_MS = 8 * 24 * 60 * 60 * 1000;

export type SweepUploads = {
  /** Uploads whose time has passed: kept where a message shows them, else removed with their files. */
  expired(): Promise<{ kept: number; removed: number }>;
  /**
   * Files that no upload stands for: uploaded after theirs was complete, or rendered by a process that died while theirs was removed.
   * Lists the whole bucket.
   */
  leftovers(): Promise<number>;
};

/**
 * Removes pictures that nobody sent, and those of deleted messages. Every step can be done again, by any instance: the upload is closed
 * first, so that it can't be claimed any more, then the files go, and the document that names them goes last.
 */
export function createSweepUploads(
  d: Pick<Database, 'uploads' | 'messages'> & {
    storage: Pick<ObjectStorage, 'delete' | 'list'>;
    clock: Clock;
    logger: Logger;
  },
): SweepUploads {
  const { uploads, messages } = d;

  const isShown = async ({ _id, userId, usedBy }: UploadDocument): Promise<boolean> => {
    if (!usedBy) return false;
    const key = { chatId: usedBy.chatId, senderId: userId, clientMessageId: usedBy.clientMessageId };
    const message = await messages.findOne(key, { projection: { _id: 0, 'image.uploadId': 1 } });
    return message?.image?.uploadId === _id;
  };

  const remove = async ({ _id, expiresAt, keys, reason }: UploadDocument & { expiresAt: Date }): Promise<boolean> => {
    const closing = { state: 'rejected', reason: reason ?? 'The picture was not sent in time.' } as const;
    const { matchedCount } = await uploads.updateOne({ _id, expiresAt }, { $set: closing });
    if (matchedCount === 0) return false;
    await d.storage.delete(Object.values(keys));
    await uploads.deleteOne({ _id, expiresAt });
    return true;
  };

  /** Places (`<upload id>/<random>`) that an upload names. */
  const known = async (places: string[]): Promise<Set<string>> => {
    const ids = [...new Set(places.map((place) => place.split('/')[0] as UploadId))];
    const found = await uploads
      .find({ _id: { $in: ids } }, { projection: { _id: 0, 'keys.full': 1 }, batchSize: PAGE })
      .toArray();
    return new Set(found.map(({ keys }) => keys.full.slice('full/'.length)));
  };

  const sweepKind = async (kind: 'raw' | 'full' | 'thumb' | 'avatar'): Promise<number> => {
    const now = d.clock().getTime();
    let removed = 0;
    let places: string[] = [];
    const sweepPlaces = async (): Promise<void> => {
      // What was uploaded is of no use after a day, whatever became of it.
      const kept = kind === 'raw' ? new Set<string>() : await known(places);
      const unknown = places.filter((place) => !kept.has(place));
      places = [];
      await d.storage.delete(unknown.map((place) => `${kind}/${place}`));
      removed += unknown.length;
    };
    for await (const { key, modifiedAt } of d.storage.list(`${kind}/`)) {
      const age = now - modifiedAt.getTime();
      if (age < UNUSED_MS || (kind !== 'raw' && age > ASKED_MS)) continue;
      places.push(key.slice(kind.length + 1));
      if (places.length >= PAGE) await sweepPlaces();
    }
    await sweepPlaces();
    return removed;
  };

  return {
    expired: async () => {
      const counts = { kept: 0, removed: 0 };
      for (;;) {
        const due = await uploads.find({ expiresAt: { $lt: d.clock() } }, { limit: PAGE }).toArray();
        for (const upload of due) {
          const { _id, expiresAt } = upload;
          if (!expiresAt) continue;
          if (await isShown(upload)) {
            await uploads.updateOne({ _id, expiresAt }, { $unset: { expiresAt: '' } });
            counts.kept += 1;
          } else if (await remove({ ...upload, expiresAt })) counts.removed += 1;
        }
        if (due.length < PAGE) break;
      }
      if (counts.removed > 0) d.logger.info(counts, 'pictures swept');
      return counts;
    },
    leftovers: async () => {
      let removed = 0;
      for (const kind of ['raw', 'full', 'thumb', 'avatar'] as const) removed += await sweepKind(kind);
      if (removed > 0) d.logger.warn({ removed }, 'files without an upload swept');
      return removed;
    },
  };
}
