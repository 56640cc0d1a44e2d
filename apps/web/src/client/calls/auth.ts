import { authAnswer, type AuthAnswer, type LoginBody, type RegisterBody } from '@parley/contracts';
import type { Exchange } from '@parley/chat-client';

const PATH = '/api/v1/auth';

/** Makes an account and signs in; 409 `username_taken` or `email_taken`. Takes the refresh cookie. */
export const register = (exchange: Exchange, body: RegisterBody): Promise<AuthAnswer> =>
  exchange({ method: 'POST', path: `${PATH}/register`, body, credentials: true, answer: authAnswer });

/** Signs in; 401 `invalid_credentials`, 429 `too_many_attempts`. Takes the refresh cookie. */
export const login = (exchange: Exchange, body: LoginBody): Promise<AuthAnswer> =>
  exchange({ method: 'POST', path: `${PATH}/login`, body, credentials: true, answer: authAnswer });

/** Continues the session of the refresh cookie, which it rotates; 401 where there is none. */
export const refresh = (exchange: Exchange): Promise<AuthAnswer> =>
  exchange({ method: 'POST', path: `${PATH}/refresh`, body: {}, credentials: true, answer: authAnswer });

/** Ends the session of the refresh cookie. */
export const logout = (exchange: Exchange, token?: string): Promise<void> =>
  exchange({ method: 'POST', path: `${PATH}/logout`, credentials: true, ...(token === undefined ? {} : { token }) });
