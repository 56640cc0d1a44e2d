import type { HttpAppOptions } from '@parley/http-server';

type Strategy = NonNullable<HttpAppOptions['strategy']>;
/** What passport writes onto the strategy before it calls `authenticate`. */
type Outcomes = Record<'success' | 'fail' | 'error' | 'pass' | 'redirect', unknown>;
type Attempt = { authenticate(request: unknown, options: unknown): void };

/**
 * A strategy whose attempts don't share their outcome.
 *
 * Given a strategy itself instead of a registered name, passport 0.7 writes `success`, `fail` and `error` of each request onto that one
 * object (passport/lib/middleware/authenticate.js, `strategy = layer`). With an asynchronous strategy two requests at once would get
 * each other's answer, and caller. Passport sets them and calls `authenticate` in one go, so here each attempt keeps its own.
 */
export function perRequestStrategy(strategy: Strategy): Strategy {
  return {
    authenticate(this: Outcomes, request: unknown, options: unknown) {
      const { success, fail, error, pass, redirect } = this;
      const attempt = Object.assign(Object.create(strategy) as Attempt, { success, fail, error, pass, redirect });
      attempt.authenticate(request, options);
    },
  } as unknown as Strategy;
}
