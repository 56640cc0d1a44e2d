import { createPublicKey } from 'node:crypto';
import type { Logger } from '@parley/service-kit';
import type { JWK } from 'jose';
import type { Jwks } from './token-issuer.ts';

export type KeySource = {
  /**
   * The public key of that id as PEM; undefined when the issuer has none of it.
   * @throws KeysUnavailableError when the issuer can't be asked and the key isn't known from before
   */
  get(kid: string): Promise<string | undefined>;
};

/** Nobody can tell whether a token is good, since its issuer can't be asked for its keys: 503, and no reason to sign out. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
  readonly code = 'unavailable';
}

const DEFAULT_CACHE_MS = 10 * 60_000;
const REFETCH_AFTER_MS = 5_000;
const FETCH_TIMEOUT_MS = 3_000;

/** Keys that are known already: an issuer verifies with its own. */
export function staticKeySource(jwks: Jwks): KeySource {
  const keys = pemByKid(jwks);
  return { get: async (kid) => keys.get(kid) };
}

/**
 * The keys of an issuer, read from its JWKS URL and kept.
 *
 * They are read again in the background once older than `cacheMs` (default 10 minutes), and at once for an id that is not
 * among them (a rotated key), but at most every 5 s, so that made-up ids can't be turned into load. While the issuer is away
 * the keys known last stay good.
 */
export function createKeySource(o: {
  jwksUrl: string;
  fetch?: typeof fetch;
  cacheMs?: number;
  logger?: Logger;
}): KeySource {
  const request = o.fetch ?? fetch;
  const cacheMs = o.cacheMs ?? DEFAULT_CACHE_MS;
  let keys = new Map<string, string>();
  let fetchedAt = -Infinity;
  let askedAt = -Infinity;
  let lastError: unknown;
  let running: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    try {
      const answer = await request(o.jwksUrl, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
      if (!answer.ok) throw new Error(`${o.jwksUrl} answered ${answer.status}`);
      keys = pemByKid((await answer.json()) as Jwks);
      fetchedAt = performance.now();
      lastError = undefined;
    } catch (error) {
      lastError = error;
      o.logger?.warn({ err: error, jwksUrl: o.jwksUrl }, 'could not read the issuer’s keys');
    }
  };
  const refresh = (): Promise<void> => {
    // While nothing is known there is nothing to protect the issuer from but a short burst.
    const pauseMs = keys.size === 0 ? 250 : REFETCH_AFTER_MS;
    if (!running && performance.now() - askedAt >= pauseMs) {
      askedAt = performance.now();
      running = load().finally(() => (running = undefined));
    }
    return running ?? Promise.resolve();
  };

  return {
    get: async (kid) => {
      const known = keys.get(kid);
      if (known !== undefined) {
        if (performance.now() - fetchedAt > cacheMs) void refresh();
        return known;
      }
      await refresh();
      const found = keys.get(kid);
      if (found === undefined && lastError !== undefined) {
        throw new KeysUnavailableError('the issuer’s keys cannot be read', { cause: lastError });
      }
      return found;
    },
  };
}

function pemByKid(jwks: Jwks): Map<string, string> {
  return new Map(
    jwks.keys.filter(isVerificationKey).map((jwk) => [
      jwk.kid,
      createPublicKey({ key: { ...jwk }, format: 'jwk' })
        .export({ type: 'spki', format: 'pem' })
        .toString(),
    ]),
  );
}

function isVerificationKey(jwk: JWK): jwk is JWK & { kid: string } {
  return jwk.kty === 'EC' && jwk.crv === 'P-256' && typeof jwk.kid === 'string' && (jwk.use ?? 'sig') === 'sig';
}
