import { staticKeySource, verifyAccessToken } from '@parley/auth-tokens';
import { expect, it } from 'vitest';
import { newSessionId, newUserId } from './ids.ts';
import { TEST_AUDIENCE, TEST_ISSUER, testIssuer } from './test-issuer.ts';

it('issues tokens that the services accept, and that only its own keys verify', async () => {
  const [own, other] = await Promise.all([testIssuer(), testIssuer()]);
  const [userId, sid] = [newUserId(), newSessionId()];
  const token = await own.issuer.tokenFor(userId, sid);
  const verifier = (jwks: typeof own.jwks) =>
    verifyAccessToken({ keys: staticKeySource(jwks), issuer: TEST_ISSUER, audience: TEST_AUDIENCE });
  expect(await verifier(own.jwks)(token)).toMatchObject({ sub: userId, sid });
  expect(await verifier(other.jwks)(token)).toBeNull();
});
