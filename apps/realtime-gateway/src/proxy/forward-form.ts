import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Request, Response } from 'express';
import { decideRetry } from './decide-retry.ts';
import { endAnswer } from './end-answer.ts';
import { problemOf, type ForwardOptions } from './forward.ts';
import { headersFor, tidyAnswer } from './pass-headers.ts';
import { FORM_BYTES_MAX } from './picture-form.ts';
import { BodyTooLarge } from './read-body.ts';
import { sendProblem } from './send-problem.ts';

/** What is between two neighbours on the way only (RFC 9110, 7.6.1), or settled here. */
const NOT_PASSED = ['connection', 'expect', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/**
 * Passes a message that is sent as a form to chat-api as it comes, never more of it in memory than a piece. A body that has begun
 * to flow can't be sent again, so only a refused connection is tried again, and each form has a connection of its own: a
 * kept one might end just as the form is put on it. An answer that comes early is passed on at once.
 */
export function createForwardForm(o: ForwardOptions): (req: Request, res: Response) => Promise<void> {
  const requests = o.metrics.histogram('parley_proxy_seconds', 'Requests passed on', ['upstream', 'status']);
  const target = new URL('/api/v1/chat/message', o.upstreams.chat);

  const open = (req: Request, res: Response): ClientRequest => {
    const headers: Record<string, string | string[] | undefined> = { ...req.headers };
    for (const name of NOT_PASSED) delete headers[name];
    // Kept alive by word only: a service that closes with bytes unread would take its answer back.
    Object.assign(headers, headersFor(req, res, o.trustedHops));
    const send = target.protocol === 'https:' ? requestTls : request;
    return send(target, { method: 'POST', headers, agent: false });
  };

  const connect = async (req: Request, res: Response): Promise<ClientRequest> => {
    for (let failures = 1; ; failures += 1) {
      const sending = open(req, res);
      const error = await connected(sending);
      if (error === undefined) return sending;
      const pauseMs = decideRetry({ isRepeatable: false, errorCode: error.code, failures });
      if (pauseMs === undefined || res.destroyed) throw error;
      await sleep(pauseMs);
    }
  };

  return async (req, res) => {
    const observe = requests.startTimer({ upstream: 'chat' });
    res.once('close', () => observe({ status: String(res.statusCode) }));
    if (Number(req.headers['content-length'] ?? 0) > FORM_BYTES_MAX) throw new BodyTooLarge(FORM_BYTES_MAX);
    let sending: ClientRequest | undefined;
    let isTimeout = false;
    try {
      sending = await connect(req, res);
      const at = sending;
      // Whoever is silent for so long: the client that sends, or the service that should answer.
      at.setTimeout(o.timeoutMs, () => {
        isTimeout = true;
        at.destroy();
      });
      res.once('close', () => at.destroy());
      await passAnswer(req, res, await exchange(req, at));
    } catch (error) {
      sending?.destroy();
      if (error instanceof BodyTooLarge) throw error;
      if (res.destroyed || res.writableEnded) return;
      // The one that fell silent was the client, in the middle of its form.
      if (isTimeout && !req.complete) return void req.destroy();
      const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
      o.logger.warn({ code, isTimeout, requestId: res.getHeader('x-request-id') }, 'service away in a form');
      sendProblem(res, problemOf({ code, isTimeout }), 'the service does not answer now, try again');
    }
  };
}

/** Undefined once there is a connection, and nothing of the body is sent yet. */
function connected(sending: ClientRequest): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    sending.once('error', resolve);
    sending.once('socket', (socket) =>
      socket.once('connect', () => {
        sending.off('error', resolve);
        resolve(undefined);
      }),
    );
  });
}

/**
 * Sends the body until it ends or an answer comes, whichever is first.
 * @throws BodyTooLarge, and what breaks the connection to the service
 */
async function exchange(req: Request, sending: ClientRequest): Promise<IncomingMessage> {
  const stop = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      sending.once('response', resolve);
      sending.on('error', reject);
      // A token that nobody knows is refused before anything is sent.
      sending.flushHeaders();
      pump(req, sending, stop.signal).catch(reject);
    });
  } finally {
    stop.abort();
  }
}

/** Gives a body on as fast as it is taken, until told to stop. @throws BodyTooLarge */
function pump(req: Request, to: ClientRequest, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const onData = (piece: Buffer): void => {
      bytes += piece.length;
      if (bytes > FORM_BYTES_MAX) reject(new BodyTooLarge(FORM_BYTES_MAX));
      else if (!to.write(piece)) req.pause();
    };
    const onDrain = (): void => void req.resume();
    const onEnd = (): void => void to.end();
    req.on('data', onData).once('end', onEnd);
    to.on('drain', onDrain);
    stop.addEventListener('abort', () => {
      req.off('data', onData).off('end', onEnd);
      to.off('drain', onDrain);
      resolve();
    });
  });
}

async function passAnswer(req: Request, res: Response, answer: IncomingMessage): Promise<void> {
  tidyAnswer(answer, res.getHeader('connection') === 'close');
  for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) res.setHeader(name, value);
  res.writeHead(answer.statusCode ?? 502);
  await pipeline(answer, res, { end: false });
  await endAnswer(req, res);
}
