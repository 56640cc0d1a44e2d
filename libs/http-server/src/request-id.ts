import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const SANE = /^[A-Za-z0-9-]{8,64}$/;
const HEADER = 'x-request-id';

/** Keeps the id that the gateway gave a request, or makes one, and sends it back: one request has one id in every log. */
export const assignRequestId: RequestHandler = (req, res, next) => {
  const given = req.get(HEADER);
  const requestId = given !== undefined && SANE.test(given) ? given : randomUUID();
  res.locals['requestId'] = requestId;
  res.setHeader(HEADER, requestId);
  next();
};

/** The id of the request that `res` answers; to be sent along as `x-request-id` when another service is asked. */
export function requestIdOf(res: Response): string {
  return String(res.locals['requestId']);
}
