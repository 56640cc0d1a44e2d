import { imageAnswer, newUploadAnswer, type Image, type NewUploadAnswer, type NewUploadBody } from '@parley/contracts';
import type { UploadId } from '@parley/domain';
import type { Exchange } from '../http/exchange.ts';

const PATH = '/api/v1/chat/uploads';

/** Asks where to upload a picture to; 429 `too_many_uploads`. */
export const openUpload = (exchange: Exchange, body: NewUploadBody): Promise<NewUploadAnswer> =>
  exchange({ method: 'POST', path: PATH, body, answer: newUploadAnswer });

/** Rendering a large picture, behind others, takes the server longer than any other answer. */
const COMPLETE_TIMEOUT_MS = 35_000;

/** Has what was uploaded checked and stored; 422 `image_rejected`, 409 `upload_incomplete`, 404 `upload_not_found`. As often as one likes. */
export const completeUpload = async (exchange: Exchange, id: UploadId, signal?: AbortSignal): Promise<Image> =>
  (
    await exchange({
      method: 'POST',
      path: `${PATH}/${id}/complete`,
      answer: imageAnswer,
      timeoutMs: COMPLETE_TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    })
  ).image;
