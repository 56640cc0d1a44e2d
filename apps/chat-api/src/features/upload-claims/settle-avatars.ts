import { BATCH_IDS_MAX, type UploadId, type UserId } from '@parley/domain';
import type { ObjectStorage } from '@parley/object-storage';
import type { Clock, Logger } from '@parley/service-kit';
import type { Database, UploadDocument } from '../../database.ts';
import { avatarKey } from './avatar-key.ts';

/** Which of these uploads their uploaders' profiles show, as user-api stores them; it rejects when user-api can't tell. */
export type AvatarsShown = (avatars: { userId: UserId; uploadId: UploadId }[]) => Promise<ReadonlySet<UploadId>>;

/** Keeps the avatars that are shown and removes the others, of those whose time to be asked about has come. */
export type SettleAvatars = () => Promise<{ kept: number; removed: number }>;

/**
 * user-api's stored profiles decide, asked at the time: nothing is removed while it can't be asked, nor what was claimed again meanwhile
 * (the claim moved `checkAt`). Every step can be done again, by any instance: the upload is closed first, so that it can't be claimed any
 * more, then the files go, and the document that names them goes last.
 */
export function createSettleAvatars(
  d: Pick<Database, 'uploads'> & {
    storage: Pick<ObjectStorage, 'delete'>;
    avatarsShown: AvatarsShown;
    clock: Clock;
    logger: Logger;
  },
): SettleAvatars {
  const { uploads, storage } = d;

  /** Nothing but the square is ever shown of it again. */
  const keep = async ({ _id, keys, avatar }: UploadDocument, checkAt: Date): Promise<void> => {
    if (avatar?.key !== undefined) await storage.delete([keys.full, keys.thumb]);
    await uploads.updateOne({ _id, 'avatar.checkAt': checkAt }, { $unset: { 'avatar.checkAt': '' } });
  };

  const remove = async ({ _id, keys }: UploadDocument, checkAt: Date): Promise<boolean> => {
    const closing = { state: 'rejected', reason: 'The picture is a profile picture no more.' } as const;
    const { matchedCount } = await uploads.updateOne({ _id, 'avatar.checkAt': checkAt }, { $set: closing });
    if (matchedCount === 0) return false;
    await storage.delete([...Object.values(keys), avatarKey(keys.thumb)]);
    await uploads.deleteOne({ _id, 'avatar.checkAt': checkAt });
    return true;
  };

  return async () => {
    const counts = { kept: 0, removed: 0 };
    for (;;) {
      const due = await uploads.find({ 'avatar.checkAt': { $lt: d.clock() } }, { limit: BATCH_IDS_MAX }).toArray();
      if (due.length === 0) break;
      const shown = await d.avatarsShown(due.map(({ _id, userId }) => ({ userId, uploadId: _id })));
      for (const upload of due) {
        const checkAt = upload.avatar?.checkAt;
        if (!checkAt) continue;
        if (shown.has(upload._id)) {
          await keep(upload, checkAt);
          counts.kept += 1;
        } else if (await remove(upload, checkAt)) counts.removed += 1;
      }
      if (due.length < BATCH_IDS_MAX) break;
    }
    if (counts.removed > 0) d.logger.info(counts, 'avatars settled');
    return counts;
  };
}
