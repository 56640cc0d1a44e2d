import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncomingMessage } from 'node:http';
import { fieldErrors, sendMessageBody, type SendMessageBody } from '@parley/contracts';
import { IMAGE_TYPES, SNIFFED_BYTES, sniffImageType, type ImageType, type UploadId, type UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import type { SendMessage, SendMessageResult } from '../messages/send-message.ts';
import type { CompleteUpload } from './complete-upload.ts';
import type { OpenUpload } from './create-upload.ts';
import { receiveForm, type Form, type FormFile } from './receive-form.ts';

/** Forms that are received at once: of all, and of one person. */
const AT_ONCE = { all: 20, person: 4 };

export type SendForm = (callerId: UserId, request: IncomingMessage) => Promise<SendMessageResult>;

/**
 * Sends a message that comes as a form, with its picture in it: for programs without a second request. The picture goes the way of every
 * upload. Its id is made of who sends what under which clientMessageId, so that a retry, which brings the file again, is the same message.
 *
 * @throws HttpProblem those of receiving a form, of an upload and of sending
 */
export function createSendForm(d: {
  openUpload: OpenUpload;
  completeUpload: CompleteUpload;
  sendMessage: SendMessage;
}): SendForm {
  const underWay: UserId[] = [];

  const sendFile = async (callerId: UserId, body: SendMessageBody, file: FormFile): Promise<SendMessageResult> => {
    try {
      // A retry finds its message; and who may not send has no picture worked on.
      return await d.sendMessage(callerId, body);
    } catch (error) {
      if (!isNotThereYet(error) || body.uploadId === undefined) throw error;
      await d.openUpload(callerId, body.uploadId, { contentType: await typeOf(file), bytes: file.bytes });
      await d.completeUpload(callerId, body.uploadId, (path) => copyFile(file.path, path));
      return d.sendMessage(callerId, body);
    }
  };

  const receive = async (callerId: UserId, request: IncomingMessage, folder: string): Promise<SendMessageResult> => {
    const { fields, file } = await receiveForm(request, folder);
    if (!file) return d.sendMessage(callerId, parseFields(fields));
    if ('uploadId' in fields) throw invalid([{ path: 'uploadId', message: 'excludes an image in the form' }]);
    if (file.bytes === 0) throw new HttpProblem('image_rejected', 'The file is empty.');
    const uploadId = uploadIdOf(callerId, fields, file);
    return sendFile(callerId, parseFields({ ...fields, uploadId }), file);
  };

  return async (callerId, request) => {
    const own = underWay.filter((userId) => userId === callerId).length;
    if (underWay.length >= AT_ONCE.all || own >= AT_ONCE.person) {
      throw new HttpProblem('unavailable', 'Too many pictures are being received.', { retryAfterSeconds: 2 });
    }
    underWay.push(callerId);
    try {
      return await inFolder((folder) => receive(callerId, request, folder));
    } finally {
      underWay.splice(underWay.indexOf(callerId), 1);
    }
  };
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-form-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const isNotThereYet = (error: unknown): boolean =>
  error instanceof HttpProblem && (error.code === 'upload_not_found' || error.code === 'upload_incomplete');

const invalid = (errors: { path: string; message: string }[]) =>
  new HttpProblem('invalid_request', 'The request is not valid.', { errors });

/** The fields as the JSON body would have them: a form knows only texts. */
function parseFields({ replyToSeq, ...fields }: Form['fields']): SendMessageBody {
  const result = sendMessageBody.safeParse({
    ...fields,
    ...(replyToSeq === undefined
      ? {}
      : { replyToSeq: /^\d{1,16}$/.test(replyToSeq) ? Number(replyToSeq) : replyToSeq }),
  });
  if (result.success) return result.data;
  throw invalid(fieldErrors(result.error));
}

/** A UUID (RFC 9562, version 8) of the sender, the message and the file's bytes. */
function uploadIdOf(callerId: UserId, { chatId, clientMessageId }: Form['fields'], { sha256 }: FormFile): UploadId {
  const ids = [callerId, chatId?.toLowerCase(), clientMessageId?.toLowerCase(), sha256];
  const hex = createHash('sha256').update(JSON.stringify(ids)).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-') as UploadId;
}

/** The type that the part declared; where it declared none, what the file begins like. */
async function typeOf({ path, contentType }: FormFile): Promise<ImageType> {
  const declared = IMAGE_TYPES.find((type) => type === contentType);
  if (declared) return declared;
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    const found =
      contentType === 'application/octet-stream' ? sniffImageType(buffer.subarray(0, bytesRead)) : undefined;
    if (found) return found;
  } finally {
    await file.close();
  }
  throw new HttpProblem('image_rejected', 'A picture is JPEG, PNG, WebP, GIF or AVIF.');
}
