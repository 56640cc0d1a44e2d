import { createPrivateKey, createPublicKey } from 'node:crypto';
import { promisify } from 'node:util';
import { generateKeyPair } from 'node:crypto';
import type { SessionId, UserId } from '@parley/domain';
import type { Clock } from '@parley/service-kit';
import { calculateJwkThumbprint, exportJWK, SignJWT, type JWK } from 'jose';
import { TOKEN_USE } from './claims.ts';

/** A JSON Web Key Set (RFC 7517, section 5). */
export type Jwks = { keys: JWK[] };

export type TokenIssuer = {
  /** RFC 7638 thumbprint of the key: the same key has the same id in every instance. */
  kid: string;
  /** Signs an access token; `expiresIn` is in seconds. */
  issue(sub: UserId, sid: SessionId): Promise<{ accessToken: string; expiresIn: number }>;
  /** The public half, for those who verify. */
  jwks(): Jwks;
};

const ALGORITHM = 'ES256';
const DEFAULT_TTL_SECONDS = 600;

/**
 * Issues access tokens: JWTs signed with ES256 that carry iss, aud, sub, sid, iat, exp and `token_use: 'access'`.
 *
 * @param o.privateKeyPem PKCS#8 PEM of a P-256 key
 * @param o.ttlSeconds life of a token (default 600)
 * @throws TypeError when the key is not a P-256 private key
 */
export async function createTokenIssuer(o: {
  privateKeyPem: string;
  issuer: string;
  audience: string;
  ttlSeconds?: number;
  clock?: Clock;
}): Promise<TokenIssuer> {
  const privateKey = createPrivateKey(o.privateKeyPem);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new TypeError('the signing key must be an elliptic-curve key on P-256');
  }
  const publicJwk = await exportJWK(createPublicKey(privateKey));
  const kid = await calculateJwkThumbprint(publicJwk);
  const expiresIn = o.ttlSeconds ?? DEFAULT_TTL_SECONDS;
  const clock = o.clock ?? (() => new Date());

  return {
    kid,
    jwks: () => ({ keys: [{ ...publicJwk, kid, alg: ALGORITHM, use: 'sig' }] }),
    issue: async (sub, sid) => {
      const iat = Math.floor(clock().getTime() / 1000);
      const accessToken = await new SignJWT({ sid, token_use: TOKEN_USE })
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setIssuer(o.issuer)
        .setAudience(o.audience)
        .setSubject(sub)
        .setIssuedAt(iat)
        .setExpirationTime(iat + expiresIn)
        .sign(privateKey);
      return { accessToken, expiresIn };
    },
  };
}

/** A fresh P-256 private key as PKCS#8 PEM. */
export async function generatePrivateKeyPem(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
