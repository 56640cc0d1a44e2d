import type { UploadId, UserId } from '@parley/domain';
import { DURABLE } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Database } from '../../database.ts';
import { CHECK_AFTER_MS } from './claim-avatar.ts';

/** Notes that an avatar of the caller may be shown no more. What isn't their avatar stays as it is. */
export type ReleaseAvatar = (callerId: UserId, uploadId: UploadId) => Promise<void>;

/**
 * Called before a profile changes, as `discard-image.ts` is before a message does: whether it did is asked later, so it matters not
 * whether the change was written, or what crashed in between.
 */
export function createReleaseAvatar(d: Pick<Database, 'uploads'> & { clock: Clock }): ReleaseAvatar {
  return async (userId, _id) => {
    const checkAt = new Date(d.clock().getTime() + CHECK_AFTER_MS);
    await d.uploads.updateOne(
      { _id, userId, state: 'used', avatar: { $exists: true } },
      { $set: { 'avatar.checkAt': checkAt } },
      { writeConcern: DURABLE },
    );
  };
}
