import { REFRESH_COOKIE, REFRESH_COOKIE_PATH, TOKEN_TRANSPORT_HEADER } from '@parley/contracts';
import type { CookieOptions, Request, Response } from 'express';
import { SESSION_TTL_SECONDS } from './session-document.ts';

export type RefreshTransport = {
  /**
   * The refresh token that a request brings: in its body, else in the cookie. The cookie's is never exchanged for one in the
   * body, or a script injected into the page could ask for what HttpOnly keeps from it.
   */
  read(req: Request, body: { refreshToken?: string | undefined }): string | undefined;
  /** Gives a refresh token out: as the cookie, or as the field of the answer where the client asked for that. */
  give(req: Request, res: Response, refreshToken: string): { refreshToken?: string };
  /** Takes the cookie back. */
  clear(req: Request, res: Response): void;
};

/** Browsers keep the refresh token in a cookie that no script can read; others ask for it in the body. */
export function createRefreshTransport(o: { isProduction: boolean }): RefreshTransport {
  const options = (req: Request): CookieOptions => ({
    httpOnly: true,
    sameSite: 'strict',
    path: REFRESH_COOKIE_PATH,
    // Over plain HTTP on the developer's machine a browser would drop a Secure cookie.
    secure: o.isProduction || req.secure || (req.get('origin')?.startsWith('https:') ?? false),
  });
  const wantsBody = (req: Request): boolean => req.get(TOKEN_TRANSPORT_HEADER) === 'body';

  return {
    read: (req, body) => {
      const cookies = req.cookies as Record<string, unknown>;
      const cookie = cookies[REFRESH_COOKIE];
      return body.refreshToken ?? (typeof cookie === 'string' && !wantsBody(req) ? cookie : undefined);
    },
    give: (req, res, refreshToken) => {
      if (wantsBody(req)) return { refreshToken };
      res.cookie(REFRESH_COOKIE, refreshToken, { ...options(req), maxAge: SESSION_TTL_SECONDS * 1_000 });
      return {};
    },
    clear: (req, res) => {
      if (!wantsBody(req)) res.clearCookie(REFRESH_COOKIE, options(req));
    },
  };
}
