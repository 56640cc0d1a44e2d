import type { AccessClaims } from '@parley/auth-tokens';
import type { SessionId, UserId } from '@parley/domain';
import { readRefreshToken } from './refresh-token.ts';

export type LogOutDeps = {
  verify(accessToken: string): Promise<AccessClaims | null>;
  revokeSession(session: { _id: SessionId; userId: UserId } | { familyHash: string }): Promise<void>;
};

/** Ends the sessions that these tokens belong to. Tokens that are good for nothing any more are no error: one is signed out. */
export function createLogOut(deps: LogOutDeps) {
  return async (tokens: { refreshToken: string | undefined; accessToken: string | undefined }): Promise<void> => {
    const presented = tokens.refreshToken === undefined ? undefined : readRefreshToken(tokens.refreshToken);
    if (presented) await deps.revokeSession({ familyHash: presented.familyHash });
    const claims = tokens.accessToken === undefined ? null : await deps.verify(tokens.accessToken);
    if (claims) await deps.revokeSession({ _id: claims.sid, userId: claims.sub });
  };
}
