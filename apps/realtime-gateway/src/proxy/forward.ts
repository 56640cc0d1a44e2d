import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorCode } from '@parley/contracts';
import type { Request, Response } from 'express';
import { createProxyServer } from 'http-proxy-3';
import type { Logger, Metrics } from '@parley/service-kit';
import type { Upstream } from './decide-upstream.ts';
import { decideRetry } from './decide-retry.ts';
import { headersFor, tidyAnswer } from './pass-headers.ts';
import { sendProblem } from './send-problem.ts';

export type ForwardOptions = {
  upstreams: Record<Upstream, string>;
  trustedHops: number;
  /** Milliseconds within which a service must begin and go on to answer. */
  timeoutMs: number;
  logger: Logger;
  metrics: Metrics;
};

/** Shorter than the services keep an idle connection (75 s): it must not be cut as a request is put on it. */
const IDLE_CONNECTION_MS = 60_000;

/** All that chat-api does is known by a clientMessageId, sets what is, or only rises: twice is the same as once. */
const REPEATABLE: ReadonlySet<Upstream> = new Set<Upstream>(['chat']);

/** Methods that may be sent to any service twice (RFC 9110, 9.2.2: of the idempotent ones those that are safe). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD']);
const mayRepeat = (upstream: Upstream, method: string): boolean => REPEATABLE.has(upstream) || SAFE.has(method);

export type Failure = { code: string | undefined; isTimeout: boolean };

/** Sends a request with its (already read) body to a service and the answer back, whatever becomes of the service. */
export function createForward(
  o: ForwardOptions,
): (upstream: Upstream, req: Request, res: Response, body: Buffer) => Promise<void> {
  const agent = new Agent({ keepAlive: true, timeout: IDLE_CONNECTION_MS, maxFreeSockets: 64 });
  const proxy = createProxyServer({ agent, proxyTimeout: o.timeoutMs });
  const requests = o.metrics.histogram('parley_proxy_seconds', 'Requests passed on', ['upstream', 'status']);
  proxy.on('proxyRes', (answer, _request, response) => {
    tidyAnswer(answer, response.getHeader('connection') === 'close');
    // What ends in the middle of the answer must not leave the client waiting for the rest.
    answer.on('close', () => {
      if (!answer.complete) response.destroy();
    });
  });

  const attempt = (upstream: Upstream, req: Request, res: Response, body: Buffer): Promise<Failure | undefined> =>
    new Promise((resolve) => {
      const startedAt = performance.now();
      res.once('close', () => resolve(undefined));
      const options = {
        target: o.upstreams[upstream],
        // What may not be sent twice has a connection of its own: a kept one might end just as the request is put on it.
        ...(mayRepeat(upstream, req.method) ? {} : { agent: false as const }),
        headers: headersFor(req, res, o.trustedHops),
        buffer: Readable.from(body.length === 0 ? [] : [body], { objectMode: false }),
      };
      proxy.web(req, res, options, (error) => {
        resolve({
          code: 'code' in error ? String(error.code) : undefined,
          isTimeout: performance.now() - startedAt >= o.timeoutMs,
        });
      });
    });

  return async (upstream, req, res, body) => {
    const observe = requests.startTimer({ upstream });
    res.once('close', () => observe({ status: String(res.statusCode) }));
    if (body.length > 0 || req.headers['transfer-encoding'] !== undefined) {
      req.headers['content-length'] = String(body.length);
    }
    for (const name of ['transfer-encoding', 'expect', 'upgrade']) delete req.headers[name];

    for (let failures = 1; ; failures += 1) {
      const failure = await attempt(upstream, req, res, body);
      if (!failure || res.destroyed) return;
      const pauseMs =
        res.headersSent || failure.isTimeout
          ? undefined
          : decideRetry({
              isRepeatable: mayRepeat(upstream, req.method),
              errorCode: failure.code,
              failures,
            });
      if (pauseMs === undefined) {
        o.logger.warn(
          { upstream, ...failure, url: req.path, requestId: res.getHeader('x-request-id') },
          'service away',
        );
        sendProblem(res, problemOf(failure), 'the service does not answer now, try again');
        return;
      }
      await sleep(pauseMs);
    }
  };
}

export function problemOf({ code, isTimeout }: Failure): ErrorCode {
  if (isTimeout) return 'gateway_timeout';
  return code === 'ECONNRESET' ? 'bad_gateway' : 'unavailable';
}
