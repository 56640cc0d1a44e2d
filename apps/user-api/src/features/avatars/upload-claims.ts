import { avatarAnswer, problem, type Avatar, type ErrorCode } from '@parley/contracts';
import type { UploadId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';

/** A claim fetches a picture, renders it and stores it. */
const TIMEOUT_MS = 8_000;
const AWAY = 'Profile pictures cannot be changed right now. Please try again in a moment.';
/** What is said of the upload itself, and is for whoever uploaded it. */
const OF_THE_UPLOAD: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'upload_not_found',
  'upload_incomplete',
  'upload_used',
  'image_rejected',
]);

/**
 * Uploads are chat-api's: it is asked with the caller's own token, since user-api has no rights of its own. Both may be asked any number of
 * times, and neither decides anything for good: what the stored profile shows does, about which chat-api asks later (`user.avatarsShown`).
 */
export type UploadClaims = {
  /**
   * Makes an upload the caller's avatar, for which a quarter of an hour is kept ready to be shown.
   * @throws HttpProblem upload_not_found, upload_incomplete, upload_used, image_rejected; unavailable when chat-api can't be asked
   */
  claim(uploadId: UploadId, authorization: string): Promise<Avatar>;
  /**
   * Says, before the profile changes, that an avatar may soon be shown no more.
   * @throws HttpProblem unavailable when chat-api can't be asked
   */
  release(uploadId: UploadId, authorization: string): Promise<void>;
};

export function createUploadClaims(o: { chatApiUrl: string }): UploadClaims {
  const ask = async (method: 'PUT' | 'DELETE', uploadId: UploadId, authorization: string): Promise<unknown> => {
    const url = new URL(`/internal/avatars/${encodeURIComponent(uploadId)}`, o.chatApiUrl);
    try {
      const answer = await fetch(url, { method, headers: { authorization }, signal: AbortSignal.timeout(TIMEOUT_MS) });
      const text = await answer.text();
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      if (answer.ok) return body;
      throw refusalIn(body) ?? new Error(`chat-api answered ${answer.status}`);
    } catch (error) {
      if (error instanceof HttpProblem) throw error;
      throw new HttpProblem('unavailable', AWAY, { retryAfterSeconds: 2 });
    }
  };
  return {
    claim: async (uploadId, authorization) => {
      const answer = avatarAnswer.safeParse(await ask('PUT', uploadId, authorization));
      if (!answer.success) throw new HttpProblem('unavailable', AWAY, { retryAfterSeconds: 2 });
      return answer.data.avatar;
    },
    release: async (uploadId, authorization) => void (await ask('DELETE', uploadId, authorization)),
  };
}

function refusalIn(body: unknown): HttpProblem | undefined {
  const refusal = problem.safeParse(body);
  if (!refusal.success || !OF_THE_UPLOAD.has(refusal.data.code)) return undefined;
  return new HttpProblem(refusal.data.code, refusal.data.detail);
}
