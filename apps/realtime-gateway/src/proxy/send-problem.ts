import { STATUS_CODES } from 'node:http';
import { ERROR_STATUS } from '@parley/contracts';
import type { ErrorCode, Problem } from '@parley/contracts';
import type { Response } from 'express';
import { endAnswer } from './end-answer.ts';

/** Answers with the gateway's own RFC 9457 problem. What has begun to be answered can only be cut. */
export function sendProblem(response: Response, code: ErrorCode, detail: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = ERROR_STATUS[code];
  const requestId = String(response.getHeader('x-request-id') ?? '');
  const problem: Problem = {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? code,
    status,
    code,
    detail,
    requestId,
  };
  const text = JSON.stringify(problem);
  response
    .status(status)
    .set({
      'content-length': String(Buffer.byteLength(text)),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 503 ? { 'retry-after': '1' } : {}),
    })
    .type('application/problem+json')
    .write(text);
  void endAnswer(response.req, response);
}
