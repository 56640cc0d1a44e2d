import type { SessionId, UserId } from '@parley/domain';
import { UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { KeysUnavailableError, staticKeySource } from './key-source.ts';
import { AUDIENCE, forger, ISSUER } from './signed-token.fixture.ts';
import { verifyAccessToken } from './verify-access-token.ts';

let made: Awaited<ReturnType<typeof forger>>;
let verify: ReturnType<typeof verifyAccessToken>;

beforeAll(async () => {
  made = await forger();
  verify = verifyAccessToken({ keys: staticKeySource(made.issuer.jwks()), issuer: ISSUER, audience: AUDIENCE });
});

describe('verifyAccessToken', () => {
  it('gives the claims of a token of the issuer', async () => {
    const { accessToken, expiresIn } = await made.issuer.issue('user-1' as UserId, 'session-1' as SessionId);
    const claims = await verify(accessToken);
    expect(claims).toMatchObject({ sub: 'user-1', sid: 'session-1' });
    expect((claims?.exp ?? 0) - (claims?.iat ?? 0)).toBe(expiresIn);
    expect(expiresIn).toBe(600);
  });

  it('takes the very token that the refused ones below are changed from', async () => {
    expect(await verify(await made.sign(made.good))).not.toBeNull();
  });

  it.each(['iss', 'aud', 'exp', 'sub', 'sid', 'iat', 'token_use'])(
    'refuses a signed token without %s',
    async (claim) => {
      const { [claim]: _gone, ...rest } = made.good;
      expect(await verify(await made.sign(rest))).toBeNull();
    },
  );

  it.each([
    ['another issuer', { iss: 'evil' }],
    ['another audience', { aud: 'evil' }],
    ['another use', { token_use: 'refresh' }],
    ['an end in the past', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['a start in the future', { nbf: Math.floor(Date.now() / 1000) + 60 }],
    ['a subject that is no text', { sub: 1 as unknown as string }],
  ])('refuses a signed token with %s', async (_what, change) => {
    expect(await verify(await made.sign({ ...made.good, ...change }))).toBeNull();
  });

  it('refuses HS256 keyed with the public key, none, a foreign key, an unknown key id, and no JWT at all', async () => {
    const hmac = await made.sign(made.good, { alg: 'HS256' }, new TextEncoder().encode(made.publicPem));
    const none = new UnsecuredJWT(made.good).encode();
    const foreign = await forger();
    const stolenKid = await foreign.sign(made.good, { kid: made.issuer.kid });
    const unknownKid = await foreign.sign(made.good);
    for (const token of [hmac, none, stolenKid, unknownKid, '', 'x', 'a.b.c', `${hmac}.`]) {
      expect(await verify(token), token).toBeNull();
    }
  });

  it('asks whether the session lives, and refuses a revoked one', async () => {
    const revoked = new Set(['session-1']);
    const strict = verifyAccessToken({
      keys: staticKeySource(made.issuer.jwks()),
      issuer: ISSUER,
      audience: AUDIENCE,
      isSessionLive: async (sid) => !revoked.has(sid),
    });
    expect(await strict(await made.sign(made.good))).toBeNull();
    expect(await strict(await made.sign({ ...made.good, sid: 'session-2' }))).not.toBeNull();
  });

  it('rejects, and does not call a token bad, where the keys cannot be had', async () => {
    const keys = { get: () => Promise.reject(new KeysUnavailableError('away')) };
    const away = verifyAccessToken({ keys, issuer: ISSUER, audience: AUDIENCE });
    await expect(away(await made.sign(made.good))).rejects.toBeInstanceOf(KeysUnavailableError);
  });
});
