import type { Logger, Metrics } from '@parley/service-kit';
import type { Request, RequestHandler } from 'express';
import { requestIdOf } from './request-id.ts';

const QUIET = /^\/(health\/|metrics$)/;

/**
 * One log line and one observation of `http_request_duration_seconds` for each answer. Both name the route's pattern, not
 * the path with its ids, and neither has the query, in which people search for people.
 */
export function observeRequests(o: { logger: Logger; metrics: Metrics }): RequestHandler {
  const durations = o.metrics.histogram(
    'http_request_duration_seconds',
    'Time from a request to the end of its answer',
    ['route', 'method', 'status'] as const,
  );
  return (req, res, next) => {
    const startedAt = performance.now();
    res.once('close', () => {
      const ms = performance.now() - startedAt;
      // 499 as nginx has it: the client left before its answer.
      const status = res.writableFinished ? res.statusCode : 499;
      const route = routePattern(req);
      durations.observe({ route, method: req.method, status: String(status) }, ms / 1000);
      const level = QUIET.test(req.path) ? 'debug' : 'info';
      o.logger[level](
        { requestId: requestIdOf(res), method: req.method, route, status, ms: Math.round(ms * 10) / 10 },
        'request',
      );
    });
    next();
  };
}

function routePattern(req: Request): string {
  const route = req.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? req.baseUrl + route.path : 'unmatched';
}
