import { describe, expect, it } from 'vitest';
import { createKeySource, KeysUnavailableError } from './key-source.ts';
import { forger } from './signed-token.fixture.ts';
import type { Jwks } from './token-issuer.ts';

/** A JWKS endpoint whose answer a test changes; undefined for one that is away. */
function endpoint(first: Jwks | undefined) {
  const state = { jwks: first, asked: 0 };
  const fetch = async () => {
    state.asked += 1;
    if (!state.jwks) throw new Error('ECONNREFUSED');
    return Response.json(state.jwks);
  };
  return { state, fetch };
}

const jwksUrl = 'http://auth.test/.well-known/jwks.json';

describe('createKeySource', () => {
  it('asks once for many, gives PEM, and does not ask again for made-up ids', async () => {
    const { issuer, publicPem } = await forger();
    const { state, fetch } = endpoint(issuer.jwks());
    const keys = createKeySource({ jwksUrl, fetch });
    expect(await Promise.all([keys.get(issuer.kid), keys.get(issuer.kid)])).toEqual([publicPem, publicPem]);
    expect(await Promise.all([keys.get('made-up-1'), keys.get('made-up-2')])).toEqual([undefined, undefined]);
    expect(state.asked).toBe(1);
  });

  it('keeps what it knows while the issuer is away, and says so for what it does not know', async () => {
    const { issuer, publicPem } = await forger();
    const { state, fetch } = endpoint(undefined);
    const keys = createKeySource({ jwksUrl, fetch, cacheMs: 0 });
    await expect(keys.get(issuer.kid)).rejects.toBeInstanceOf(KeysUnavailableError);

    state.jwks = issuer.jwks();
    await expect.poll(() => keys.get(issuer.kid).catch(String), { timeout: 3_000 }).toBe(publicPem);
    state.jwks = undefined;
    expect(await keys.get(issuer.kid)).toBe(publicPem);
    expect(await keys.get(issuer.kid)).toBe(publicPem);
  });

  it('leaves keys out that do not verify ES256', async () => {
    const { issuer } = await forger();
    const symmetric = { kty: 'oct', k: 'c2VjcmV0', kid: 'hmac' };
    const keys = createKeySource({ jwksUrl, ...endpoint({ keys: [symmetric, ...issuer.jwks().keys] }) });
    expect(await keys.get('hmac')).toBeUndefined();
    expect(await keys.get(issuer.kid)).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  });
});
