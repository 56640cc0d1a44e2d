import { ApiError } from '@parley/chat-client';
import type { ErrorCode } from '@parley/contracts';

/** What the API may answer to a picture, as distinct from anything else. */
export type PictureCode = Extract<
  ErrorCode,
  | 'image_rejected'
  | 'payload_too_large'
  | 'too_many_uploads'
  | 'unavailable'
  | 'unsupported_media_type'
  | 'upload_incomplete'
  | 'upload_not_found'
  | 'upload_used'
>;

/** Why a picture is not taken, as its person should read it. What leads on is said where that is known. */
export const PICTURE_PROBLEMS: Readonly<Record<PictureCode, string>> = {
  image_rejected: 'This picture is damaged, or not what its name says.',
  payload_too_large: 'This picture is larger than 10 MB.',
  too_many_uploads: 'You have sent as many pictures as one may for now.',
  unavailable: 'Pictures can’t be uploaded right now.',
  unsupported_media_type: 'This is no JPEG, PNG, WebP, GIF or AVIF picture.',
  upload_incomplete: 'The picture didn’t arrive whole.',
  upload_not_found: 'The upload took too long and is no longer there.',
  upload_used: 'This picture was sent already. Please choose it again.',
};

const isPictureCode = (code: string): code is PictureCode => code in PICTURE_PROBLEMS;

/** @param detail the server's sentence, which says more of a rejected picture than its code; undefined where the code is about something else */
export function pictureProblem(code: string, detail?: string): string | undefined {
  if (!isPictureCode(code)) return undefined;
  return code === 'image_rejected' && detail ? `This picture can’t be used. ${detail}` : PICTURE_PROBLEMS[code];
}

/** The same of whatever was thrown. */
export const pictureProblemOf = (error: unknown): string | undefined =>
  error instanceof ApiError ? pictureProblem(error.code, error.message) : undefined;
