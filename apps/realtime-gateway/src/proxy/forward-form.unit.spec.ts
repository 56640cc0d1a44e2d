import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  createServer,
  request,
  type ClientRequest,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { json } from 'node:stream/consumers';
import { createLogger, createMetrics } from '@parley/service-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { listenOn } from '../listen-on.ts';
import { createPublicApp } from './create-public-app.ts';
import { FORM_BYTES_MAX } from './picture-form.ts';

const servers: Server[] = [];
const MESSAGE = '/api/v1/chat/message';
const FORM = { 'content-type': 'multipart/form-data; boundary=x' };

async function listening(server: Server): Promise<string> {
  servers.push(server);
  return `http://127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0 })}`;
}
const start = (listener: RequestListener) => listening(createServer(listener));
const startGateway = (chat: string, timeoutMs = 5_000) =>
  start(
    createPublicApp({
      upstreams: { auth: chat, users: chat, chat },
      publicOrigins: [],
      trustedHops: 0,
      timeoutMs,
      isAccepting: () => true,
      logger: createLogger({ service: 'test', level: 'silent' }),
      metrics: createMetrics({ service: 'test' }),
    }),
  );

/** A client that sends as it is told to, and hears the answer meanwhile. */
function open(url: string, headers: Record<string, string | number> = FORM) {
  const sending = request(url + MESSAGE, { method: 'POST', headers, agent: false });
  sending.on('error', () => undefined);
  sending.flushHeaders();
  const answer = once(sending, 'response').then(([response]) => response as IncomingMessage);
  answer.catch(() => undefined);
  return { sending, answer };
}
const answered = async (answer: Promise<IncomingMessage>) => {
  const response = await answer;
  return { status: response.statusCode, body: (await json(response)) as unknown };
};

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a form with a picture', () => {
  it('flows through as it comes, with its length, far beyond the limit of other bodies', async () => {
    const pieces: number[] = [];
    const chat = await start((req, res) => {
      req.on('data', (piece: Buffer) => pieces.push(piece.length));
      req.on('end', () => res.writeHead(201).end(JSON.stringify({ headers: req.headers })));
    });
    const length = 10 * 1024 * 1024;
    const { sending, answer } = open(await startGateway(chat), {
      ...FORM,
      'content-length': length,
      authorization: 'Bearer t',
      'x-forwarded-for': '6.6.6.6',
    });
    sending.write(Buffer.alloc(1_000));
    await expect.poll(() => pieces).toEqual([1_000]);
    sending.end(Buffer.alloc(length - 1_000));
    const { status, body } = await answered(answer);
    expect(status).toBe(201);
    expect(pieces.reduce((sum, bytes) => sum + bytes, 0)).toBe(length);
    expect(body).toMatchObject({
      headers: {
        authorization: 'Bearer t',
        'content-length': String(length),
        'content-type': FORM['content-type'],
        'x-forwarded-for': '127.0.0.1',
        'x-request-id': expect.any(String),
      },
    });
  });

  it('is not gathered for a service that takes it slowly', async () => {
    let taken = 0;
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const chat = await start((req, res) => {
      void begun.then(() => req.on('data', (piece: Buffer) => (taken += piece.length)));
      req.on('end', () => res.writeHead(201).end('{}'));
    });
    const passed: ClientRequest[] = [];
    const onStart = (message: unknown) => passed.push((message as { request: ClientRequest }).request);
    subscribe('http.client.request.start', onStart);
    const { sending, answer } = open(await startGateway(chat));
    const length = 10 * 1024 * 1024;
    sending.end(Buffer.alloc(length));
    await sleep(300);
    expect(Math.max(...passed.filter((one) => one !== sending).map((one) => one.writableLength))).toBeLessThan(300_000);
    expect(taken).toBe(0);
    begin();
    expect((await answered(answer)).status).toBe(201);
    expect(taken).toBe(length);
    unsubscribe('http.client.request.start', onStart);
  });

  it.each([true, false])(
    'is refused over its limit, announced: %s, also to a client that ends with it',
    async (isAnnounced) => {
      const chat = await start((req, res) => {
        req.resume();
        req.on('end', () => res.writeHead(201).end('{}'));
      });
      const gateway = await startGateway(chat);
      for (const connection of ['keep-alive', 'close']) {
        const bytes = FORM_BYTES_MAX + 1;
        const { sending, answer } = open(gateway, {
          ...FORM,
          connection,
          ...(isAnnounced ? { 'content-length': bytes } : {}),
        });
        sending.end(Buffer.alloc(bytes));
        expect(await answered(answer)).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
      }
    },
  );

  it.each([
    ['JSON', MESSAGE, 'application/json'],
    ['of another route', '/api/v1/chat/uploads', FORM['content-type']],
    ['with a query', `${MESSAGE}?x=1`, FORM['content-type']],
    ['of another service', '/api/v1/users/me', FORM['content-type']],
    ['of nearly that type', MESSAGE, 'multipart/form-data-x'],
  ])('is none when it is %s: 64 KiB', async (_what, path, type) => {
    const gateway = await startGateway(await start((_req, res) => res.end('{}')));
    const answer = await fetch(gateway + path, {
      method: 'POST',
      headers: { 'content-type': type },
      body: Buffer.alloc(65 * 1024),
    });
    expect([answer.status, await answer.json()]).toEqual([413, expect.objectContaining({ code: 'payload_too_large' })]);
  });

  it.each([401, 404, 413, 503])('is told %i while it is still being sent, whatever it does then', async (status) => {
    const chat = await start((_req, res) => {
      res.writeHead(status, { 'retry-after': '7', 'content-length': 12 }).end('{"code":"x"}');
    });
    const gateway = await startGateway(chat);
    const going = open(gateway);
    const early = await going.answer;
    expect([early.statusCode, early.headers['retry-after']]).toEqual([status, '7']);
    expect(await json(early)).toEqual({ code: 'x' });
    going.sending.destroy();

    // One that looks for an answer only when it has sent everything, and whose connection ends with it.
    const ending = connect(Number(new URL(gateway).port), '127.0.0.1').pause();
    let heard = '';
    ending.on('data', (piece) => (heard += String(piece))).on('error', () => undefined);
    const length = 5 * 1024 * 1024;
    ending.write(
      `POST ${MESSAGE} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n` +
        `content-type: ${FORM['content-type']}\r\ncontent-length: ${length}\r\n\r\n`,
    );
    for (let n = 0; n < 5; n += 1) {
      ending.write(Buffer.alloc(length / 5));
      await sleep(30);
    }
    ending.resume();
    await once(ending, 'close');
    expect(heard).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect((await fetch(`${gateway}/api/v1/chat/all`)).status).toBe(status);
  });

  it('is never sent twice, once any of it was: neither cut before nor after its end', async () => {
    let requests = 0;
    const chat = await start((req) => {
      requests += 1;
      req.once('data', () => req.socket.resetAndDestroy());
    });
    const { sending, answer } = open(await startGateway(chat));
    sending.end('half');
    expect(await answered(answer)).toMatchObject({ status: 502, body: { code: 'bad_gateway' } });
    expect(requests).toBe(1);
  });

  it('waits for a service that restarts, having sent nothing yet', async () => {
    const first = createServer();
    const chat = await listening(first);
    const gateway = await startGateway(chat);
    await new Promise((resolve) => first.close(resolve));
    const { sending, answer } = open(gateway);
    sending.end('whole');
    let body = '';
    const again = createServer((req, res) => {
      req.on('data', (piece) => (body += String(piece)));
      req.on('end', () => res.end('{}'));
    });
    servers.push(again);
    setTimeout(() => again.listen(Number(new URL(chat).port), '127.0.0.1'), 200);
    expect((await answered(answer)).status).toBe(200);
    expect(body).toBe('whole');
    const away = open(await startGateway('http://127.0.0.1:9'));
    away.sending.end('x');
    expect(await answered(away.answer)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  });

  it('is cut when its client falls silent or leaves, and told when the service does', async () => {
    let cut = 0;
    const chat = await start((req, res) => {
      req.resume();
      res.once('close', () => (cut += 1));
    });
    const gateway = await startGateway(chat, 300);
    const silent = open(gateway);
    silent.sending.write('half');
    await expect(silent.answer).rejects.toThrow();
    const leaving = connect(Number(new URL(gateway).port), '127.0.0.1');
    leaving.write(
      `POST ${MESSAGE} HTTP/1.1\r\nhost: x\r\ncontent-type: ${FORM['content-type']}\r\ncontent-length: 9\r\n\r\nha`,
    );
    await sleep(100);
    leaving.destroy();
    await expect.poll(() => cut).toBe(2);
    const whole = open(gateway);
    whole.sending.end('whole');
    expect(await answered(whole.answer)).toMatchObject({ status: 504, body: { code: 'gateway_timeout' } });
  });
});
