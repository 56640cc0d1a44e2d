import { createHash } from 'node:crypto';
import { HttpProblem } from '@parley/http-server';
import type { RateLimit, RateLimiter } from '@parley/redis';

export type Limits = {
  /** One account from one network. */
  account: RateLimiter;
  /** One account from anywhere. */
  anywhere: RateLimiter;
  /** One network, any account. */
  network: RateLimiter;
  registrations: RateLimiter;
};

export type Throttle = {
  /**
   * Counts an attempt to sign in; `succeeded` takes it back from the account, for one who knows the password is no attacker.
   * @throws HttpProblem `too_many_attempts`
   */
  signIn(account: string, network: string): Promise<{ succeeded(): Promise<void> }>;
  /** @throws HttpProblem `too_many_attempts` */
  registration(network: string): Promise<void>;
};

/**
 * Slows guessing down: by one address at one account, by many addresses at one account, and by one address at many accounts.
 * Attempts count before the password is looked at, so that a thousand at once are a thousand. Refreshing is not counted here:
 * whoever is signed in stays so while somebody else guesses.
 */
export function createThrottle(limits: Limits): Throttle {
  return {
    signIn: async (account, network) => {
      const name = digest(account);
      const here = `${name}:${network}`;
      refuseUnless(await limits.network.consume(network));
      refuseUnless(await limits.account.consume(here));
      refuseUnless(await limits.anywhere.consume(name));
      return {
        succeeded: async () => {
          await Promise.all([limits.account.reset(here), limits.anywhere.reset(name)]);
        },
      };
    },
    registration: async (network) => refuseUnless(await limits.registrations.consume(network)),
  };
}

function refuseUnless({ allowed, retryAfterSeconds }: RateLimit): void {
  if (allowed) return;
  throw new HttpProblem('too_many_attempts', 'Too many attempts. Please wait a while.', { retryAfterSeconds });
}

/** What people type may be long, or a password in the wrong field: it doesn't belong into a key. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
