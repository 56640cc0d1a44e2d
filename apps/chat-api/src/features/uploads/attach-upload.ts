import type { UploadId, UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE } from '@parley/mongo';
import type { Clock, Logger } from '@parley/service-kit';
import type { Database, StoredImage, UploadDocument } from '../../database.ts';
import { UNUSED_MS } from './create-upload.ts';

type Use = NonNullable<UploadDocument['usedBy']>;

/** Sends a message with a picture: `send` gets the picture, which then belongs to that message and no other. */
export type AttachUpload = <T>(
  callerId: UserId,
  uploadId: UploadId,
  use: Use,
  send: (image: StoredImage) => Promise<T>,
) => Promise<T>;

/**
 * Gives a picture to one message, before there is that message: the claim names it by its `clientMessageId`, so a retry of the same send
 * finds the picture its own, and no other send gets it. Should the message never come, the sweeper ends the claim.
 *
 * @throws HttpProblem upload_not_found, also where it is somebody else's or was rejected; upload_incomplete; upload_used
 */
export function createAttachUpload(d: Pick<Database, 'uploads'> & { clock: Clock; logger: Logger }): AttachUpload {
  const { uploads } = d;

  const claim = async (userId: UserId, _id: UploadId, use: Use) => {
    const expiresAt = new Date(d.clock().getTime() + UNUSED_MS);
    const own = { state: 'used', 'usedBy.chatId': use.chatId, 'usedBy.clientMessageId': use.clientMessageId } as const;
    const upload = await uploads.findOneAndUpdate(
      { _id, userId, $or: [{ state: 'ready' }, own] },
      { $set: { state: 'used', usedBy: use, expiresAt } },
      { writeConcern: DURABLE, returnDocument: 'after' },
    );
    if (upload?.image) return { image: upload.image, expiresAt };
    const found = await uploads.findOne({ _id, userId }, { projection: { _id: 0, state: 1 } });
    switch (found?.state) {
      case 'used':
        throw new HttpProblem('upload_used', 'This picture was sent in another message.');
      case 'pending':
        throw new HttpProblem('upload_incomplete', 'This picture is not complete yet.');
      default:
        throw new HttpProblem('upload_not_found', 'There is no such picture of yours.');
    }
  };

  const quietly = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => d.logger.debug({ err: error }, 'left to the sweeper'));
  };

  return async (callerId, uploadId, use, send) => {
    const { image, expiresAt } = await claim(callerId, uploadId, use);
    try {
      const result = await send(image);
      // From now on it lives as long as the message.
      quietly(uploads.updateOne({ _id: uploadId, expiresAt }, { $unset: { expiresAt: '' } }));
      return result;
    } catch (error) {
      // Its clientMessageId stands for another message, for ever: this one will never be.
      if (error instanceof HttpProblem && error.code === 'idempotency_conflict') {
        quietly(uploads.updateOne({ _id: uploadId, expiresAt }, { $set: { state: 'ready' }, $unset: { usedBy: '' } }));
      }
      throw error;
    }
  };
}
