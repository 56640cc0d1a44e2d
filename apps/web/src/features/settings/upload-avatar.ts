import { completeUpload, ConnectionError, openUpload, type Exchange } from '@parley/chat-client';
import type { UploadId } from '@parley/domain';
import { putWithProgress } from '../../client/uploads/put-with-progress.ts';
import { browserPictureTools } from '../pictures/send/browser-picture-tools.ts';
import { checkPicture } from '../pictures/send/check-picture.ts';

/** A file that is no picture that can be shown, in a sentence. */
export class UnfitPicture extends Error {}

/**
 * Uploads a picture as those of messages are, until it is checked and stored.
 * @param onProgress hears the share that has gone, 0 to 1
 * @throws UnfitPicture, ApiError, ConnectionError
 */
export async function uploadAvatar(
  exchange: Exchange,
  chosen: File,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): Promise<UploadId> {
  const check = await checkPicture(chosen, chosen.name, browserPictureTools);
  if ('problem' in check) throw new UnfitPicture(check.problem);
  const { file, contentType } = check.picture;
  const { uploadId, url, headers } = await openUpload(exchange, { contentType, bytes: file.size });
  const status = await putWithProgress({
    url,
    headers,
    file,
    signal,
    onProgress: (bytes) => onProgress(bytes / file.size),
  });
  if (status >= 300) throw new ConnectionError(`the upload was answered with ${status}`);
  await completeUpload(exchange, uploadId, signal);
  return uploadId;
}
