import type { Logger } from '@parley/service-kit';
import type { ErrorRequestHandler } from 'express';
import { HttpProblem, presentProblem } from './http-problem.ts';
import { isDatabaseAway } from './is-database-away.ts';
import { requestIdOf } from './request-id.ts';

/**
 * The one place that answers errors, as application/problem+json (RFC 9457). What is neither a problem nor the client's
 * doing is logged with its stack and answered as `internal_error` without a word about it.
 */
export function errorSink(o: { logger: Logger }): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    const problem = toProblem(error);
    const requestId = requestIdOf(res);
    log(o.logger, error, { requestId, code: problem.code, status: problem.status });
    // Half an answer is out: only the connection's end tells the client.
    if (res.headersSent) {
      next(error);
      return;
    }
    if (problem.retryAfterSeconds !== undefined) res.setHeader('Retry-After', Math.ceil(problem.retryAfterSeconds));
    res
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify(presentProblem(problem, requestId)));
  };
}

/** What is temporary and known is one short line each, since there will be many; a stack is for what nobody expected. */
function log(logger: Logger, error: unknown, about: { requestId: string; code: string; status: number }): void {
  if (about.code === 'unavailable') logger.warn({ ...about, reason: String(error) }, 'request not answered');
  else if (about.status >= 500) logger.error({ ...about, err: error }, 'request failed');
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isDatabaseAway(error)) return new HttpProblem('unavailable', undefined, { retryAfterSeconds: 1 });
  switch (clientErrorStatus(error)) {
    case 413:
      return new HttpProblem('payload_too_large');
    case 415:
      return new HttpProblem('unsupported_media_type');
    case undefined:
      return new HttpProblem('internal_error');
    default:
      return new HttpProblem('invalid_request', 'The request could not be read.');
  }
}

/** Express and its parsers tell what was wrong with a request by a 4xx `status` on the error (package http-errors). */
function clientErrorStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return error.status >= 400 && error.status < 500 ? error.status : undefined;
}
