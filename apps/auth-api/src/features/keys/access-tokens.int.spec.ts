import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createKeySource, generatePrivateKeyPem, verifyAccessToken } from '@parley/auth-tokens';
import { createTestEngines, newSessionId, type TestEngines } from '@parley/testing';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, serveAuthApi, type AuthApi } from '../../auth-api.fixture.ts';

let engines: TestEngines;
let api: AuthApi;
let privateKeyPem: string;

beforeAll(async () => {
  engines = await createTestEngines();
  privateKeyPem = await generatePrivateKeyPem();
  api = await serveAuthApi(engines, { env: { JWT_PRIVATE_KEY: privateKeyPem.replaceAll('\n', '\\n') } });
});
afterAll(async () => {
  await api.close();
  await engines.dispose();
});

const jwksUrl = () => `${api.base}/.well-known/jwks.json`;

describe('GET /.well-known/jwks.json', () => {
  it('lets another service verify, and shows nothing private', async () => {
    const answer = await api.call('GET', '/.well-known/jwks.json');
    expect(answer.json).toEqual({
      keys: [
        {
          ...{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig', kid: expect.any(String) },
          ...{ x: expect.any(String), y: expect.any(String) },
        },
      ],
    });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const keys = createKeySource({ jwksUrl: jwksUrl() });
    const { user, accessToken } = await api.register();
    const claims = await verifyAccessToken({ keys, issuer: 'parley', audience: 'parley' })(accessToken);
    expect(claims).toMatchObject({ sub: user.id, sid: decodeJwt(accessToken)['sid'] });
  });
});

describe('access tokens (fault 25)', () => {
  it('are refused when they are forged, for another, out of time, of another use, or of no living session', async () => {
    const { user, accessToken, refreshToken } = await api.register();
    const key = createPrivateKey(privateKeyPem);
    const publicPem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
    const good = decodeJwt(accessToken);
    const { kid } = JSON.parse(Buffer.from(accessToken.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    const sign = (claims: JWTPayload) => new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
    const without = (claim: string) => {
      const { [claim]: _gone, ...rest } = good;
      return sign(rest);
    };
    const status = async (token: string) =>
      (await api.call('GET', `/internal/users/${user.id}`, undefined, bearer(token))).status;

    expect(await status(await sign(good))).toBe(200);
    const bad: Record<string, string> = {
      hmac: await new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid }).sign(Buffer.from(publicPem)),
      none: new UnsecuredJWT(good).encode(),
      foreign: await new SignJWT(good)
        .setProtectedHeader({ alg: 'ES256', kid })
        .sign(createPrivateKey(await generatePrivateKeyPem())),
      'another issuer': await sign({ ...good, iss: 'evil' }),
      'another audience': await sign({ ...good, aud: 'evil' }),
      'no issuer': await without('iss'),
      'no audience': await without('aud'),
      'no end': await without('exp'),
      'no session': await without('sid'),
      'no use': await without('token_use'),
      'out of time': await sign({ ...good, exp: Math.floor(Date.now() / 1000) - 30 }),
      'another use': await sign({ ...good, token_use: 'refresh' }),
      'a refresh token': refreshToken,
      'a session that is none': await sign({ ...good, sid: newSessionId() }),
    };
    for (const [what, token] of Object.entries(bad)) expect(await status(token), what).toBe(401);
  });
});

describe('the signing key', () => {
  it('is made once in development and is the same for every instance and after every start', async () => {
    const own = await createTestEngines();
    const start = () => serveAuthApi(own);
    const kidOf = async ({ call }: AuthApi) =>
      ((await call('GET', '/.well-known/jwks.json')).json as { keys: { kid: string }[] }).keys[0]?.kid;
    const both = await Promise.all([start(), start()]);
    const kids = await Promise.all(both.map(kidOf));
    await Promise.all(both.map((one) => one.close()));
    const later = await start();
    expect([...kids, await kidOf(later)]).toEqual([kids[0], kids[0], kids[0]]);
    await later.close();
    await own.dispose();
  });
});
