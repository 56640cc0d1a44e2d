import type { ErrorCode, NewUploadAnswer } from '@parley/contracts';
import type { ImageType, UploadId } from '@parley/domain';

/** A picture that goes with a message on its way, without its bytes. */
export type OutgoingPicture = {
  readonly contentType: ImageType;
  readonly bytes: number;
  /** Pixels, upright: where it will be shown is known from the beginning. */
  readonly width: number;
  readonly height: number;
  /** How far its upload was seen to come; absent before it is opened. */
  readonly upload?: Upload;
};

/** Kept in the outbox after every step, so that whoever finds it goes on from there. */
export type Upload =
  | { readonly state: 'opened'; readonly uploadId: UploadId; readonly put: UploadRequest }
  | { readonly state: 'uploaded' | 'ready'; readonly uploadId: UploadId };

/** The one request that uploads: these headers, and the file as it is. `openedAt`: milliseconds since the epoch, by this device's clock. */
export type UploadRequest = Pick<NewUploadAnswer, 'url' | 'headers'> & { readonly openedAt: number };

/** What comes next. */
export type UploadStep =
  | { kind: 'open' }
  | { kind: 'put'; uploadId: UploadId; put: UploadRequest }
  | { kind: 'complete'; uploadId: UploadId }
  | { kind: 'done'; uploadId: UploadId };

/** How a step went. `refused`: the API said no; `answered`: the object storage's HTTP status; `away`: nobody answered in time. */
export type UploadOutcome =
  | { kind: 'opened'; answer: NewUploadAnswer; at: number }
  | { kind: 'answered'; uploadId: UploadId; status: number }
  | { kind: 'completed'; uploadId: UploadId }
  | { kind: 'refused'; code: ErrorCode; isTransient: boolean }
  | { kind: 'away' };

/** What a step leads to: on at once, again later from `upload`, or an end that its author decides about. */
export type UploadMove =
  | { kind: 'on'; upload: Upload }
  | { kind: 'again'; upload: Upload | undefined }
  | { kind: 'failed'; code: ErrorCode };

/** Milliseconds for which a URL is begun with; it works for five minutes. Measured by one clock, since the server's may differ. */
const URL_LIFE_MS = 4 * 60_000;

/** @param now milliseconds since the epoch */
export function nextUploadStep({ upload }: OutgoingPicture, now: number): UploadStep {
  if (upload === undefined) return { kind: 'open' };
  const { uploadId } = upload;
  switch (upload.state) {
    case 'opened':
      return isFresh(upload.put, now) ? { kind: 'put', uploadId, put: upload.put } : { kind: 'open' };
    case 'uploaded':
      return { kind: 'complete', uploadId };
    case 'ready':
      return { kind: 'done', uploadId };
  }
}

const isFresh = ({ openedAt }: UploadRequest, now: number) => now >= openedAt && now - openedAt < URL_LIFE_MS;

/**
 * Where a step leads. An upload that is lost, expired or somebody's else begins anew, since the message keeps its clientMessageId and is stored once all
 * the same; only what the server says of the picture itself, or of the request, is an end.
 */
export function afterUploadStep({ upload }: OutgoingPicture, outcome: UploadOutcome): UploadMove {
  switch (outcome.kind) {
    case 'opened': {
      const { uploadId, url, headers } = outcome.answer;
      return { kind: 'on', upload: { state: 'opened', uploadId, put: { url, headers, openedAt: outcome.at } } };
    }
    case 'answered':
      return afterPut(upload, outcome);
    case 'completed':
      return { kind: 'on', upload: { state: 'ready', uploadId: outcome.uploadId } };
    case 'refused':
      if (outcome.isTransient) return { kind: 'again', upload };
      return isUploadGone(outcome.code) ? { kind: 'again', upload: undefined } : { kind: 'failed', code: outcome.code };
    case 'away':
      return { kind: 'again', upload };
  }
}

function afterPut(
  upload: Upload | undefined,
  { uploadId, status }: { uploadId: UploadId; status: number },
): UploadMove {
  // 412: it is there already, from a try whose answer was lost. The key is nobody else's.
  const isThere = (status >= 200 && status < 300) || status === 412;
  if (isThere) return { kind: 'on', upload: { state: 'uploaded', uploadId } };
  // 409: another request for the same key is being carried out.
  const isPassing = status >= 500 || status === 408 || status === 409 || status === 429;
  return { kind: 'again', upload: isPassing ? upload : undefined };
}

const GONE: ReadonlySet<string> = new Set<ErrorCode>(['upload_not_found', 'upload_incomplete', 'upload_used']);

/** Whether the server says that there is no such upload to go on with, to whatever was asked of it. */
export const isUploadGone = (code: string): boolean => GONE.has(code);

/** Whether the message waits for its picture, and can't be sent yet. */
export const isUploading = ({ picture }: { readonly picture?: OutgoingPicture }): boolean =>
  picture !== undefined && picture.upload?.state !== 'ready';

/** A picture whose upload begins anew, unless it is ready to be sent. */
export function restarted({ upload, ...picture }: OutgoingPicture): OutgoingPicture {
  return upload?.state === 'ready' ? { ...picture, upload } : picture;
}
