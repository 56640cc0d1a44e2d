import { randomUUID } from 'node:crypto';
import cors from 'cors';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from '@parley/service-kit';
import { isOriginAllowed } from '../socket/check-handshake.ts';
import { decideUpstream } from './decide-upstream.ts';
import { createForwardForm } from './forward-form.ts';
import { createForward } from './forward.ts';
import type { ForwardOptions } from './forward.ts';
import { isPictureForm } from './picture-form.ts';
import { BodyTooLarge, readBody } from './read-body.ts';
import { sendProblem } from './send-problem.ts';

const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_ID = /^[A-Za-z0-9-]{8,64}$/;
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

export type PublicAppOptions = ForwardOptions & {
  publicOrigins: readonly string[];
  isAccepting: () => boolean;
  logger: Logger;
};

/** Everything of the public entry that is not Socket.IO: the proxy to the services, and nothing else. */
export function createPublicApp(o: PublicAppOptions): express.Express {
  const forward = createForward(o);
  const forwardForm = createForwardForm(o);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');

  app.use((req, res, next) => {
    const given = req.get('x-request-id') ?? '';
    res.set('x-request-id', REQUEST_ID.test(given) ? given : randomUUID());
    if (!o.isAccepting()) res.set('connection', 'close');
    next();
  });
  app.use(
    cors({
      origin: [...o.publicOrigins],
      credentials: true,
      exposedHeaders: ['x-request-id', 'retry-after'],
      maxAge: 600,
    }),
  );
  app.use((req, res, next) => {
    // A page of another site must not act with the refresh cookie, whatever the browser makes of SameSite.
    if (READING.has(req.method) || isOriginAllowed(req.get('origin'), o.publicOrigins)) return next();
    return sendProblem(res, 'forbidden', 'requests from this origin are not allowed');
  });
  app.use(async (req, res) => {
    const upstream = decideUpstream(req.originalUrl);
    if (!upstream) return sendProblem(res, 'not_found', 'there is nothing here');
    if (isPictureForm(req)) return forwardForm(req, res);
    return forward(upstream, req, res, await readBody(req, BODY_BYTES_MAX));
  });
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) => {
    if (error instanceof BodyTooLarge) return sendProblem(res, 'payload_too_large', error.message);
    // The client went away in the middle of its request.
    if (req.destroyed || res.destroyed) return undefined;
    o.logger.error({ err: error }, 'unexpected error in the proxy');
    return sendProblem(res, 'internal_error', 'something went wrong');
  });
  return app;
}
