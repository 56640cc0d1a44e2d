import { generateKeyPairSync } from 'node:crypto';
import type { SessionId, UserId } from '@parley/domain';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, it } from 'vitest';
import { createTokenIssuer, generatePrivateKeyPem } from './token-issuer.ts';

const names = { issuer: 'parley', audience: 'parley' };

describe('createTokenIssuer', () => {
  it('signs what the design names, by the clock it was given', async () => {
    const privateKeyPem = await generatePrivateKeyPem();
    const clock = () => new Date('2026-01-01T00:00:00.900Z');
    const issuer = await createTokenIssuer({ privateKeyPem, ...names, ttlSeconds: 60, clock });
    const { accessToken, expiresIn } = await issuer.issue('u' as UserId, 's' as SessionId);
    const iat = Date.parse('2026-01-01T00:00:00Z') / 1000;
    expect(expiresIn).toBe(60);
    expect(decodeProtectedHeader(accessToken)).toEqual({ alg: 'ES256', kid: issuer.kid, typ: 'JWT' });
    expect(decodeJwt(accessToken)).toEqual({
      iss: 'parley',
      aud: 'parley',
      sub: 'u',
      sid: 's',
      token_use: 'access',
      iat,
      exp: iat + 60,
    });
  });

  it('publishes the public half only, under the same id in every instance', async () => {
    const privateKeyPem = await generatePrivateKeyPem();
    const [one, two] = await Promise.all([
      createTokenIssuer({ privateKeyPem, ...names }),
      createTokenIssuer({ privateKeyPem, ...names }),
    ]);
    expect(one.jwks()).toEqual(two.jwks());
    expect(Object.keys(one.jwks().keys[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
  });

  it('refuses a key on another curve, and of another kind', async () => {
    const p384 = generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey;
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    for (const key of [p384, rsa]) {
      const privateKeyPem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
      await expect(createTokenIssuer({ privateKeyPem, ...names })).rejects.toThrow(/P-256/);
    }
  });
});
