import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { SignJWT, type JWTHeaderParameters, type JWTPayload } from 'jose';
import { createTokenIssuer, generatePrivateKeyPem } from './token-issuer.ts';

export const ISSUER = 'parley';
export const AUDIENCE = 'parley';

/** An issuer, and a way to sign what it never would. */
export async function forger() {
  const privateKeyPem = await generatePrivateKeyPem();
  const issuer = await createTokenIssuer({ privateKeyPem, issuer: ISSUER, audience: AUDIENCE });
  const privateKey = createPrivateKey(privateKeyPem);
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const now = Math.floor(Date.now() / 1000);
  const good: JWTPayload = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'user-1',
    sid: 'session-1',
    iat: now,
    exp: now + 600,
    token_use: 'access',
  };
  const sign = (
    claims: JWTPayload,
    header: Partial<JWTHeaderParameters> = {},
    key: KeyObject | Uint8Array = privateKey,
  ) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: issuer.kid, ...header }).sign(key);
  return { issuer, privateKeyPem, publicPem, good, sign };
}
