import { HttpProblem } from '@parley/http-server';
import type { RequestHandler } from 'express';

/**
 * Refuses what a page of another site sends, beside SameSite=Strict: a sibling subdomain is the same site.
 * Requests without an Origin don't come from a page (Fetch Standard: every POST of a page has one).
 */
export function refuseForeignOrigin(origins: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    const origin = req.get('origin');
    if (origin === undefined || origins.includes(origin)) next();
    else next(new HttpProblem('forbidden', 'This page may not sign people in.'));
  };
}
