import { createTokenIssuer, generatePrivateKeyPem } from '@parley/auth-tokens';
import type { Jwks } from '@parley/auth-tokens';
import type { SessionId, UserId } from '@parley/domain';
import { newSessionId } from './ids.ts';

/** What the services expect by default in a token's `iss` and `aud`. */
export const TEST_ISSUER = 'parley';
export const TEST_AUDIENCE = 'parley';

export type TestIssuer = {
  /** A valid access token of this person; `sid` is a fresh session where none is given. */
  tokenFor(userId: UserId, sid?: SessionId): Promise<string>;
};

/** Access tokens for specs, signed with a key of this spec's own by the code that auth-api uses. */
export async function testIssuer(): Promise<{ issuer: TestIssuer; jwks: Jwks; privateKeyPem: string }> {
  const privateKeyPem = await generatePrivateKeyPem();
  const issuer = await createTokenIssuer({ privateKeyPem, issuer: TEST_ISSUER, audience: TEST_AUDIENCE });
  return {
    issuer: {
      tokenFor: async (userId, sid = newSessionId()) => (await issuer.issue(userId, sid)).accessToken,
    },
    jwks: issuer.jwks(),
    privateKeyPem,
  };
}
