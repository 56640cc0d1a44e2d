import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import { createLogger, createMetrics } from '@parley/service-kit';
import { afterEach, describe, expect, it } from 'vitest';
import { listenOn } from '../listen-on.ts';
import { createPublicApp } from './create-public-app.ts';

const WEB = 'http://localhost:3000';
const servers: Server[] = [];

async function start(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  return `http://127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0 })}`;
}

async function startGateway(service: string, o: { timeoutMs?: number; trustedHops?: number } = {}): Promise<string> {
  const app = createPublicApp({
    upstreams: { auth: service, users: service, chat: service },
    publicOrigins: [WEB],
    trustedHops: o.trustedHops ?? 0,
    timeoutMs: o.timeoutMs ?? 5_000,
    isAccepting: () => true,
    logger: createLogger({ service: 'test', level: 'silent' }),
    metrics: createMetrics({ service: 'test' }),
  });
  return start(app);
}

/** A service that tells what it was asked. */
const echo: RequestListener = (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    res
      .setHeader('content-type', 'application/json')
      .setHeader('vary', 'Accept')
      .setHeader('access-control-allow-origin', '*');
    res.end(
      JSON.stringify({
        method: req.method,
        url: req.url,
        headers: req.headers,
        body: Buffer.concat(chunks).toString(),
      }),
    );
  });
};
type Echoed = { method: string; url: string; headers: Record<string, string>; body: string };
const echoed = async (answer: Response) => (await answer.json()) as Echoed;
const GONE = 'http://127.0.0.1:9';

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('createPublicApp', () => {
  it('passes a request on as it is, with an id and who sent it', async () => {
    const gateway = await startGateway(await start(echo));
    const answer = await fetch(`${gateway}/api/v1/chat/message?x=1`, {
      method: 'POST',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json', 'x-forwarded-for': '6.6.6.6' },
      body: '{"a":1}',
    });
    const seen = await echoed(answer);
    expect(seen).toMatchObject({ method: 'POST', url: '/api/v1/chat/message?x=1', body: '{"a":1}' });
    expect(seen.headers).toMatchObject({ authorization: 'Bearer t', 'x-forwarded-for': '127.0.0.1' });
    expect(seen.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.headers.get('x-request-id')).toBe(seen.headers['x-request-id']);
  });

  it('keeps a request id that is one, and the chunks of a body without a length', async () => {
    const gateway = await startGateway(await start(echo));
    const kept = await fetch(`${gateway}/api/v1/users/me`, { headers: { 'x-request-id': 'abc-12345' } });
    expect((await echoed(kept)).headers['x-request-id']).toBe('abc-12345');
    const replaced = await fetch(`${gateway}/api/v1/users/me`, { headers: { 'x-request-id': 'x y<z>' } });
    expect((await echoed(replaced)).headers['x-request-id']).not.toBe('x y<z>');

    const body = new ReadableStream({
      start: (controller) => {
        controller.enqueue(Buffer.from('one '));
        controller.enqueue(Buffer.from('two'));
        controller.close();
      },
    });
    const streamed = await fetch(`${gateway}/api/v1/auth/x`, { method: 'POST', body, duplex: 'half' } as RequestInit);
    const seen = await echoed(streamed);
    expect(seen.body).toBe('one two');
    expect(seen.headers['content-length']).toBe('7');
  });

  it('passes on each cookie that a service sets, and no CORS header of its own making', async () => {
    const service = await start((_req, res) => {
      res.setHeader('set-cookie', ['a=1; HttpOnly', 'b=2']).setHeader('access-control-allow-origin', '*').end('{}');
    });
    const answer = await fetch(`${await startGateway(service)}/api/v1/auth/login`, { method: 'POST', body: '{}' });
    expect(answer.headers.getSetCookie()).toEqual(['a=1; HttpOnly', 'b=2']);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers a preflight and exposes what clients read', async () => {
    const gateway = await startGateway(await start(echo));
    const preflight = await fetch(`${gateway}/api/v1/auth/login`, {
      method: 'OPTIONS',
      headers: {
        origin: WEB,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(WEB);
    expect(preflight.headers.get('access-control-allow-credentials')).toBe('true');
    expect(preflight.headers.get('access-control-allow-headers')).toBe('content-type');

    const answer = await fetch(`${gateway}/api/v1/users/me`, { headers: { origin: WEB } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(WEB);
    expect(answer.headers.get('access-control-expose-headers')).toBe('x-request-id,retry-after');
    expect(answer.headers.get('vary')).toMatch(/Accept, Origin/);
  });

  it('gives a foreign origin nothing to read and nothing to do', async () => {
    const gateway = await startGateway(await start(echo));
    const headers = { origin: 'https://evil.example' };
    const read = await fetch(`${gateway}/api/v1/users/me`, { headers });
    expect(read.headers.get('access-control-allow-origin')).toBeNull();
    const write = await fetch(`${gateway}/api/v1/auth/refresh`, { method: 'POST', headers });
    expect(write.status).toBe(403);
    expect(await write.json()).toMatchObject({ code: 'forbidden' });
  });

  it.each(['/health/ready', '/metrics', '/internal/users/1', '/', '/api/v1/authx'])(
    'serves nothing at %s',
    async (path) => {
      const gateway = await startGateway(await start(echo));
      const answer = await fetch(gateway + path);
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
      expect(await answer.json()).toMatchObject({ code: 'not_found', status: 404, requestId: expect.any(String) });
    },
  );

  it.each([true, false])('refuses a body over 64 KiB, announced: %s', async (isAnnounced) => {
    const gateway = await startGateway(await start(echo));
    const bytes = Buffer.alloc(200 * 1024, 'x');
    const body = isAnnounced ? bytes : new Blob([bytes]).stream();
    const answer = await fetch(`${gateway}/api/v1/chat/message`, {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: 'payload_too_large' });
    expect((await fetch(`${gateway}/api/v1/chat/all`)).status).toBe(200);
  });

  it('answers 503 for a service that is away, also to a write', async () => {
    const gateway = await startGateway(GONE);
    for (const method of ['GET', 'POST']) {
      const answer = await fetch(`${gateway}/api/v1/chat/all`, {
        method,
        ...(method === 'POST' ? { body: '{}' } : {}),
      });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await answer.json()).toMatchObject({ code: 'unavailable' });
    }
  });

  it('sends a write again that was refused while the service restarted, exactly once', async () => {
    const first = await start(echo);
    const gateway = await startGateway(first);
    await new Promise((resolve) => servers[0]?.close(resolve));
    const sent = fetch(`${gateway}/api/v1/chat/message`, { method: 'POST', body: 'hello' });
    let requests = 0;
    const again = createServer((req, res) => {
      requests += 1;
      echo(req, res);
    });
    servers.push(again);
    setTimeout(() => again.listen(Number(new URL(first).port), '127.0.0.1'), 200);
    expect((await echoed(await sent)).body).toBe('hello');
    expect(requests).toBe(1);
  });

  it('repeats a read whose connection was cut and what chat-api knows again, and no other write', async () => {
    let requests = 0;
    const service = await start((req, res) => {
      requests += 1;
      if (requests === 1) res.socket?.resetAndDestroy();
      else echo(req, res);
    });
    const gateway = await startGateway(service);
    expect((await fetch(`${gateway}/api/v1/chat/all`)).status).toBe(200);
    expect(requests).toBe(2);
    requests = 0;
    const send = await fetch(`${gateway}/api/v1/chat/message`, { method: 'POST', body: 'x' });
    expect([send.status, requests]).toEqual([200, 2]);
    requests = 0;
    const register = await fetch(`${gateway}/api/v1/auth/register`, { method: 'POST', body: 'x' });
    expect([register.status, requests]).toEqual([502, 1]);
  });

  it('waits only so long for an answer, and cuts one that stops in the middle', async () => {
    const service = await start((req, res) => {
      if (req.url?.endsWith('/half')) res.writeHead(200, { 'content-length': '10' }).write('half');
    });
    const gateway = await startGateway(service, { timeoutMs: 200 });
    const silent = await fetch(`${gateway}/api/v1/chat/silent`);
    expect(silent.status).toBe(504);
    expect(await silent.json()).toMatchObject({ code: 'gateway_timeout' });
    const half = await fetch(`${gateway}/api/v1/chat/half`);
    await expect(half.text()).rejects.toThrow();
  });

  it('survives a client that leaves in the middle of its body', async () => {
    const gateway = await startGateway(await start(echo));
    const socket = connect(Number(new URL(gateway).port), '127.0.0.1');
    socket.write('POST /api/v1/chat/message HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    expect((await fetch(`${gateway}/api/v1/chat/all`)).status).toBe(200);
  });
});
