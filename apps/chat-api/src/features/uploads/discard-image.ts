import type { UploadId } from '@parley/domain';
import { DURABLE } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Database } from '../../database.ts';

/** Longer than a deletion that has begun can take to be written. */
const GRACE_MS = 60_000;

/** Tells the sweeper to look after a picture. */
export type DiscardImage = (uploadId: UploadId) => Promise<void>;

/**
 * Called before its message is deleted, so that no crash leaves the files behind: the sweeper takes them when it finds the message
 * deleted, and lets them be when it doesn't.
 */
export function createDiscardImage(d: Pick<Database, 'uploads'> & { clock: Clock }): DiscardImage {
  return async (uploadId) => {
    const expiresAt = new Date(d.clock().getTime() + GRACE_MS);
    await d.uploads.updateOne({ _id: uploadId }, { $set: { expiresAt } }, { writeConcern: DURABLE });
  };
}
