import type { Health, Logger, Metrics } from '@parley/service-kit';
import cookieParser from 'cookie-parser';
import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import type { Strategy } from 'passport';
import { errorSink } from './error-sink.ts';
import { HttpProblem } from './http-problem.ts';
import { observeRequests } from './observe-requests.ts';
import { opsRoutes } from './ops-routes.ts';
import { assignRequestId } from './request-id.ts';
import { setStrategy } from './strategy-of.ts';

export type HttpAppOptions = {
  service: string;
  logger: Logger;
  metrics: Metrics;
  health: Health;
  /** Who guards the routes made by `route`. */
  strategy?: Strategy;
  /** Whether the one proxy in front (the gateway) is believed about the client's address and scheme. */
  trustProxy?: boolean;
  routes(app: Router): void;
};

const BODY_LIMIT_BYTES = 64 * 1024;

/** The Express app that every Parley service is: the same edge around the routes of `o`. It never listens. */
export function createHttpApp(o: HttpAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', o.trustProxy ? 1 : false);
  if (o.strategy) setStrategy(app, o.strategy);

  app.use(assignRequestId, observeRequests(o), helmet());
  app.use(opsRoutes(o));
  app.use((_req, res, next) => {
    // Answers are somebody's own and change: a route that may be cached says so itself.
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(express.json({ limit: BODY_LIMIT_BYTES }), cookieParser());
  const router = Router({ caseSensitive: true });
  o.routes(router);
  app.use(router);
  app.use((_req, _res, next) => next(new HttpProblem('not_found', 'There is nothing here.')));
  app.use(errorSink(o));
  return app;
}
