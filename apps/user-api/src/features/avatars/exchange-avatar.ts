import type { Avatar } from '@parley/contracts';
import type { UploadId } from '@parley/domain';
import type { UploadClaims } from './upload-claims.ts';

/**
 * Gets ready what a profile is about to show in place of `before`. It may be asked again for the same change, and the profile may still be
 * written or not: nothing is given up here, chat-api is only told to look.
 *
 * @param uploadId as in the body of PATCH /users/me: null for no picture, undefined for no change
 * @returns what the profile shall show; undefined: what it shows already
 * @throws HttpProblem as `UploadClaims` does
 */
export type ExchangeAvatar = (
  before: Avatar | null,
  uploadId: UploadId | null | undefined,
  authorization: string,
) => Promise<Avatar | null | undefined>;

export function createExchangeAvatar(claims: UploadClaims): ExchangeAvatar {
  return async (before, uploadId, authorization) => {
    if (uploadId === undefined || uploadId === (before?.uploadId ?? null)) return undefined;
    const after = uploadId === null ? null : await claims.claim(uploadId, authorization);
    // Before the profile is written, so that no crash in between leaves its files to nobody.
    if (before !== null) await claims.release(before.uploadId, authorization);
    return after;
  };
}
