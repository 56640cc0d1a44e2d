import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthAnswer } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { callHttp, type Outcome } from './http.ts';

/** Somebody who can sign in on several devices. */
export type Account = { userId: UserId; username: string; password: string };

/** One device's sign-in. `renew` gets a new access token, by whatever way is left, and may take its time. */
export type Session = { token(): string; renew(): Promise<void> };

const TRIES_MAX = 40;
const PAUSE_MS = 500;

export async function register(base: string, username: string): Promise<Account> {
  const password = randomBytes(12).toString('hex');
  const body = { email: `${username}@torture.example`, username, password };
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const answer = await callHttp<AuthAnswer>(base, 'POST', '/auth/register', { body });
    if (answer.kind === 'ok') return { userId: answer.value.user.id, username, password };
    await sleep(PAUSE_MS);
  }
  throw new Error(`${username} could not be registered`);
}

/** @param pickBase the public entry to ask next */
export async function signIn(account: Account, pickBase: () => string): Promise<Session> {
  let current: AuthAnswer | undefined;
  let renewing: Promise<void> | undefined;

  const once = async (): Promise<Outcome<AuthAnswer>> => {
    const refreshToken = current?.refreshToken;
    if (refreshToken !== undefined) {
      const refreshed = await callHttp<AuthAnswer>(pickBase(), 'POST', '/auth/refresh', { body: { refreshToken } });
      // The answer of an earlier try may have been lost with the token in it: then the family has ended.
      if (refreshed.kind !== 'refused' || !refreshed.code.startsWith('refresh_')) return refreshed;
      current = undefined;
    }
    const { username: identifier, password } = account;
    return callHttp<AuthAnswer>(pickBase(), 'POST', '/auth/login', { body: { identifier, password } });
  };
  const untilRenewed = async (): Promise<void> => {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const answer = await once();
      if (answer.kind === 'ok') {
        current = answer.value;
        return;
      }
      await sleep(PAUSE_MS);
    }
    throw new Error(`${account.username} cannot sign in any more`);
  };
  const renew = (): Promise<void> => {
    renewing ??= untilRenewed().finally(() => (renewing = undefined));
    return renewing;
  };
  await renew();
  return { token: () => current?.accessToken ?? '', renew };
}
