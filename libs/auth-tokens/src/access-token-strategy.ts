import { decodeProtectedHeader } from 'jose';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { accessClaims, type AccessClaims } from './claims.ts';
import type { KeySource } from './key-source.ts';

export type StrategyOptions = {
  keys: KeySource;
  issuer: string;
  audience: string;
  /** Asked after everything else held; false refuses a token whose session was revoked before the token's own end. */
  isSessionLive?: (sid: string) => Promise<boolean>;
};

/** Clocks of two machines differ a little. */
const CLOCK_TOLERANCE_SECONDS = 5;

/**
 * The passport strategy for `Authorization: Bearer <access token>`; `req.user` becomes `AccessClaims`.
 *
 * Only ES256 (so neither `none` nor an HMAC keyed with the public key), and iss, aud, exp, sub, sid and
 * `token_use: 'access'` must all be there (RFC 8725). It fails with `KeysUnavailableError` where the issuer can't be asked.
 */
export function createAccessTokenStrategy(o: StrategyOptions): Strategy {
  const verify = async (payload: unknown): Promise<AccessClaims | false> => {
    const claims = accessClaims(payload);
    if (!claims) return false;
    return !o.isSessionLive || (await o.isSessionLive(claims.sid)) ? claims : false;
  };

  return new Strategy(
    {
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      algorithms: ['ES256'],
      issuer: o.issuer,
      audience: o.audience,
      jsonWebTokenOptions: { clockTolerance: CLOCK_TOLERANCE_SECONDS },
      secretOrKeyProvider: (_request: unknown, token: unknown, done) => {
        const kid = keyId(token);
        if (kid === undefined) return done(new Error('the token names no key'));
        void o.keys.get(kid).then((pem) => done(pem === undefined ? new Error('unknown key') : null, pem), done);
      },
    },
    (payload: unknown, done) => {
      void verify(payload).then((claims) => done(null, claims), done);
    },
  );
}

function keyId(token: unknown): string | undefined {
  try {
    return decodeProtectedHeader(String(token)).kid;
  } catch {
    // Not a JWT at all: no key, so it is refused.
    return undefined;
  }
}
