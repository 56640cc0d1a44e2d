import type { RequestHandler } from 'express';
import passport, { type Strategy } from 'passport';
import { HttpProblem } from './http-problem.ts';

/**
 * Lets a request through when `strategy` knows who sends it (then `req.user` is the caller); else 401 `unauthorized` with
 * `WWW-Authenticate: Bearer` (RFC 6750), or 503 `unavailable` when nobody can tell, since the keys can't be had.
 */
export function authenticate(strategy: Strategy): RequestHandler {
  return (req, res, next) => {
    const decide = (error: unknown, user: unknown, reason: unknown): void => {
      if (isUnavailable(error) || isUnavailable(reason)) {
        next(new HttpProblem('unavailable', undefined, { retryAfterSeconds: 1 }));
      } else if (error) {
        next(error);
      } else if (!user) {
        const presented = req.get('authorization') !== undefined;
        res.setHeader('WWW-Authenticate', presented ? 'Bearer error="invalid_token"' : 'Bearer');
        next(new HttpProblem('unauthorized', 'A valid access token is needed.'));
      } else {
        req.user = user;
        next();
      }
    };
    // Passport sets this request's outcomes (`success`, `fail`) on the very instance it is given, so each request has its own:
    // on a shared one a request would be let in as whoever asked while its token was being verified.
    const own = Object.create(strategy) as Strategy;
    const attempt = passport.authenticate(own, { session: false }, decide) as RequestHandler;
    void attempt(req, res, next);
  };
}

function isUnavailable(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && reason.code === 'unavailable';
}
