import { randomBytes } from 'node:crypto';
import type { NewUploadAnswer, NewUploadBody } from '@parley/contracts';
import type { UploadId, UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE, isDuplicateKey } from '@parley/mongo';
import type { ObjectStorage } from '@parley/object-storage';
import type { Clock } from '@parley/service-kit';
import type { Database, UploadDocument } from '../../database.ts';
import { createLanes } from '../messages/lanes.ts';
import { awayProblem } from './storage-away.ts';
import { decideQuota, QUOTA_MS, UPLOADS_MAX } from './decide-quota.ts';

const URL_SECONDS = 300;
/** How long an upload may stay open: its URL ends sooner, and who comes later opens another one. */
export const OPEN_MS = 60 * 60 * 1000;
/** How long a picture may lie unused. */
export const UNUSED_MS = 24 * 60 * 60 * 1000;

export type CreateUpload = (callerId: UserId, body: NewUploadBody) => Promise<NewUploadAnswer>;
/** Notes an upload under an id of the caller's choice; one that is there already stays as it is. */
export type OpenUpload = (callerId: UserId, uploadId: UploadId, body: NewUploadBody) => Promise<UploadDocument>;

/**
 * Notes that somebody is about to upload, within their quota.
 * @throws HttpProblem too_many_uploads
 */
export function createOpenUpload(d: Pick<Database, 'uploads'> & { clock: Clock }): OpenUpload {
  // One after the other for each person, so that asking at once gets around nothing.
  const lanes = createLanes();

  const open = async (userId: UserId, _id: UploadId, { contentType, bytes }: NewUploadBody) => {
    const now = d.clock();
    const recent = await d.uploads
      .find(
        { userId, createdAt: { $gt: new Date(now.getTime() - QUOTA_MS) } },
        { projection: { _id: 0, state: 1, createdAt: 1 }, limit: UPLOADS_MAX.day, batchSize: UPLOADS_MAX.day },
      )
      .toArray();
    const refusal = decideQuota(recent, now);
    if (refusal !== null) throw new HttpProblem('too_many_uploads', refusal, { retryAfterSeconds: 60 });
    // Guessed by nobody, though no object can be read without a signature anyway.
    const place = `${_id}/${randomBytes(12).toString('hex')}`;
    const upload: UploadDocument = {
      _id,
      userId,
      contentType,
      bytes,
      state: 'pending',
      keys: { raw: `raw/${place}`, full: `full/${place}`, thumb: `thumb/${place}` },
      createdAt: now,
      expiresAt: new Date(now.getTime() + OPEN_MS),
    };
    await d.uploads.insertOne(upload, { writeConcern: DURABLE });
    return upload;
  };

  return async (userId, uploadId, body) => {
    try {
      return await lanes.run(userId, () => open(userId, uploadId, body));
    } catch (error) {
      const known = isDuplicateKey(error) ? await d.uploads.findOne({ _id: uploadId, userId }) : null;
      if (known) return known;
      throw error;
    }
  };
}

/**
 * Opens an upload that the caller's browser then makes by itself, straight to the bucket: of this type, of this length, once, within
 * five minutes.
 * @throws HttpProblem too_many_uploads
 */
export function createCreateUpload(d: {
  open: OpenUpload;
  storage: Pick<ObjectStorage, 'presignPut'>;
  newId(): UploadId;
}): CreateUpload {
  return async (callerId, body) => {
    const { _id, keys } = await d.open(callerId, d.newId(), body);
    try {
      const put = await d.storage.presignPut({ ...body, key: keys.raw, expiresInSeconds: URL_SECONDS });
      return { uploadId: _id, ...put, expiresAt: put.expiresAt.toISOString() };
    } catch (error) {
      throw awayProblem(error);
    }
  };
}
