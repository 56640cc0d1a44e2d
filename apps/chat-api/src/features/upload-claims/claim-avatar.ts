import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Avatar } from '@parley/contracts';
import type { UploadId, UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE } from '@parley/mongo';
import type { ObjectStorage } from '@parley/object-storage';
import type { Clock } from '@parley/service-kit';
import type { Database, UploadDocument } from '../../database.ts';
import type { ImageRenderer } from '../images/image-renderer.ts';
import { awayProblem } from '../uploads/storage-away.ts';
import { avatarKey } from './avatar-key.ts';

/**
 * How long what user-api shows, or is about to, is left alone before it is asked. Longer than any change of a profile can take to be
 * written, and than the URLs promise to work that were handed out just before a change.
 */
export const CHECK_AFTER_MS = 16 * 60 * 1000;
/** A thumbnail is a fraction of this. */
const THUMB_BYTES_MAX = 10 * 1024 * 1024;

/** Makes an upload the avatar of its uploader, to be shown by their profile; again: the same answer. */
export type ClaimAvatar = (callerId: UserId, uploadId: UploadId) => Promise<Avatar>;

export type ClaimAvatarDependencies = Pick<Database, 'uploads'> & {
  storage: Pick<ObjectStorage, 'get' | 'put'>;
  renderer: Pick<ImageRenderer, 'renderSquare'>;
  clock: Clock;
};

/**
 * The upload is taken first, so that no message gets it, then its square picture is rendered and stored under a name that is always the
 * same: a claim that ended halfway is made whole by the next one, or taken back by `settle-avatars.ts`, since a profile never showed it.
 *
 * @throws HttpProblem upload_not_found, also where it is somebody else's or was rejected; upload_incomplete; upload_used where a message
 *   shows it; unavailable where trying again may succeed
 */
export function createClaimAvatar(d: ClaimAvatarDependencies): ClaimAvatar {
  const { uploads, storage } = d;

  const take = async (userId: UserId, _id: UploadId): Promise<UploadDocument> => {
    const checkAt = new Date(d.clock().getTime() + CHECK_AFTER_MS);
    const taken = await uploads.findOneAndUpdate(
      { _id, userId, $or: [{ state: 'ready' }, { state: 'used', avatar: { $exists: true } }] },
      { $set: { state: 'used', 'avatar.checkAt': checkAt }, $unset: { expiresAt: '' } },
      { writeConcern: DURABLE, returnDocument: 'after' },
    );
    if (taken) return taken;
    const found = await uploads.findOne({ _id, userId }, { projection: { _id: 0, state: 1 } });
    switch (found?.state) {
      case 'used':
        throw new HttpProblem('upload_used', 'This picture was sent in a message.');
      case 'pending':
        throw new HttpProblem('upload_incomplete', 'This picture is not complete yet.');
      default:
        throw new HttpProblem('upload_not_found', 'There is no such picture of yours.');
    }
  };

  const storeSquare = async ({ keys }: UploadDocument): Promise<string> => {
    const key = avatarKey(keys.thumb);
    const folder = await mkdtemp(join(tmpdir(), 'parley-avatar-'));
    try {
      const files = { input: join(folder, 'thumb'), square: join(folder, 'square') };
      const { body } = await storage.get(keys.thumb, { maxBytes: THUMB_BYTES_MAX });
      await pipeline(body, createWriteStream(files.input));
      const result = await d.renderer.renderSquare(files);
      if (result.kind === 'rejected') throw new HttpProblem('image_rejected', result.reason);
      await storage.put({
        key,
        body: createReadStream(files.square),
        bytes: result.bytes,
        contentType: 'image/webp',
        cacheControl: 'private, max-age=31536000',
      });
      return key;
    } catch (error) {
      throw awayProblem(error);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  return async (callerId, uploadId) => {
    const upload = await take(callerId, uploadId);
    if (upload.avatar?.key !== undefined) return { uploadId, key: upload.avatar.key };
    const key = await storeSquare(upload);
    const { matchedCount } = await uploads.updateOne(
      { _id: uploadId, state: 'used' },
      { $set: { 'avatar.key': key } },
      { writeConcern: DURABLE },
    );
    if (matchedCount === 0) throw new HttpProblem('upload_not_found', 'There is no such picture of yours.');
    return { uploadId, key };
  };
}
