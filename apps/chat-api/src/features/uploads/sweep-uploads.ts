import type { ObjectStorage } from '@parley/object-storage';
import type { Clock, Logger } from '@parley/service-kit';
import type { Database, UploadDocument } from '../../database.ts';
import { UNUSED_MS } from './create-upload.ts';

const PAGE = 100;

export type SweepUploads = {
  /** Uploads whose time has passed: kept where a message shows them, else removed with their files. */
  expired(): Promise<{ kept: number; removed: number }>;
  /** Files that were uploaded and never asked about again, or again after their upload was complete. */
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
    const closing = { state: 'rejected', reason: reason ?? 'The picture was not sent within a day.' } as const;
    const { matchedCount } = await uploads.updateOne({ _id, expiresAt }, { $set: closing });
    if (matchedCount === 0) return false;
    await d.storage.delete(Object.values(keys));
    await uploads.deleteOne({ _id, expiresAt });
    return true;
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
      const before = d.clock().getTime() - UNUSED_MS;
      const old: string[] = [];
      for await (const { key, modifiedAt } of d.storage.list('raw/')) {
        if (modifiedAt.getTime() < before) old.push(key);
      }
      await d.storage.delete(old);
      return old.length;
    },
  };
}
