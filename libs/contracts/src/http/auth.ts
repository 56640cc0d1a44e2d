import {
  DISPLAY_NAME_MAX,
  EMAIL_MAX,
  PASSWORD_MAX,
  PASSWORD_MIN,
  USERNAME_MAX,
  USERNAME_MIN,
  USERNAME_PATTERN,
} from '@parley/domain';
import { z } from 'zod';
import { userId } from '../primitives.ts';

export const email = z.string().trim().toLowerCase().max(EMAIL_MAX).pipe(z.email('must be an e-mail address'));
export const username = z
  .string()
  .trim()
  .toLowerCase()
  .min(USERNAME_MIN)
  .max(USERNAME_MAX)
  .regex(USERNAME_PATTERN, 'letters and digits, with single dots, dashes or underscores between them');
export const newPassword = z.string().min(PASSWORD_MIN).max(PASSWORD_MAX);
export const displayName = z.string().trim().min(1).max(DISPLAY_NAME_MAX);

export const registerBody = z.strictObject({
  email,
  username,
  password: newPassword,
  displayName: displayName.optional(),
});
export type RegisterBody = z.infer<typeof registerBody>;

/** `identifier` is an e-mail address or a username. Lengths only: a wrong one is a wrong credential, not a wrong form. */
export const loginBody = z.strictObject({
  identifier: z.string().trim().toLowerCase().min(1).max(EMAIL_MAX),
  password: z.string().min(1).max(PASSWORD_MAX),
});
export type LoginBody = z.infer<typeof loginBody>;

/** Empty where the token comes in the cookie. */
export const refreshBody = z.strictObject({ refreshToken: z.string().min(1).max(512).optional() });
export type RefreshBody = z.infer<typeof refreshBody>;

/** The account, as only its owner sees it. */
export const accountUser = z.object({ id: userId, username: z.string(), email: z.string(), displayName: z.string() });
export type AccountUser = z.infer<typeof accountUser>;

/** Answer of register, login and refresh. `expiresIn` in seconds; `refreshToken` only with `x-token-transport: body`. */
export const authAnswer = z.object({
  user: accountUser,
  accessToken: z.string(),
  expiresIn: z.number().int().positive(),
  refreshToken: z.string().optional(),
});
export type AuthAnswer = z.infer<typeof authAnswer>;

/** Internal: what auth-api tells another service about an account, for reading through. */
export const registeredUser = z.object({
  id: userId,
  username: z.string(),
  displayName: z.string(),
  createdAt: z.iso.datetime(),
});
export type RegisteredUser = z.infer<typeof registeredUser>;
export const registeredUserAnswer = z.object({ user: registeredUser });
export const registeredUserQuery = z.strictObject({
  username: z.string().trim().toLowerCase().min(1).max(USERNAME_MAX),
});

export const TOKEN_TRANSPORT_HEADER = 'x-token-transport';
export const REFRESH_COOKIE = 'parley_refresh';
/** The cookie goes to these routes only. */
export const REFRESH_COOKIE_PATH = '/api/v1/auth';
