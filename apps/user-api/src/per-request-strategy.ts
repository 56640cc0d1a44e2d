import type { Strategy } from 'passport';

/**
 * `strategy` for many requests at once. Passport sets the outcomes of a request (`success`, `fail`, …) on the very
 * instance it is given (passport/lib/middleware/authenticate.js copies only strategies that are registered by name), so a
 * request whose token takes a moment to verify would be let in as whoever asked next.
 */
export function perRequestStrategy(strategy: Strategy): Strategy {
  const authenticate: Strategy['authenticate'] = function (req, options) {
    // At this moment the outcomes are this request's: keep them with an instance of its own.
    const { authenticate: _, ...outcomes } = Object.getOwnPropertyDescriptors(this);
    const attempt = Object.create(strategy, outcomes) as typeof this;
    strategy.authenticate.call(attempt, req, options);
  };
  return Object.create(strategy, { authenticate: { value: authenticate } }) as Strategy;
}
