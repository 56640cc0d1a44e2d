import { createAccessTokenStrategy, type StrategyOptions } from './access-token-strategy.ts';
import type { AccessClaims } from './claims.ts';
import { KeysUnavailableError } from './key-source.ts';

/**
 * Verifies a bare token, as a socket's handshake brings it, with the very strategy that guards HTTP routes.
 * The result is null for a token that is not good.
 *
 * @throws KeysUnavailableError (`code: 'unavailable'`) when the issuer's keys can't be had, so that nobody can tell;
 *   and whatever `isSessionLive` throws
 */
export function verifyAccessToken(o: StrategyOptions): (token: string) => Promise<AccessClaims | null> {
  const strategy = createAccessTokenStrategy(o);
  return (token) =>
    new Promise((resolve, reject) => {
      // Passport runs a strategy on a copy of it that has its outcomes as methods (passport/lib/middleware/authenticate.js).
      const attempt = Object.create(strategy, {
        success: { value: (claims: AccessClaims) => resolve(claims) },
        fail: {
          value: (reason: unknown) => (reason instanceof KeysUnavailableError ? reject(reason) : resolve(null)),
        },
        error: { value: reject },
      }) as typeof strategy & { authenticate(request: object): void };
      attempt.authenticate({ headers: { authorization: `Bearer ${token}` } });
    });
}
