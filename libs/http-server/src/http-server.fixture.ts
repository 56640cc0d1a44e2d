import { createHealth, createLogger, createMetrics } from '@parley/service-kit';
import type { Router } from 'express';
import type { Strategy } from 'passport';
import { createHttpApp, type HttpAppOptions } from './create-http-app.ts';
import { listen } from './listen.ts';

/** A served app around some routes, and a client for it. */
export async function serve(routes: (app: Router) => void, more: Partial<HttpAppOptions> = {}) {
  const metrics = createMetrics({ service: 'test' });
  const health = createHealth();
  const logger = createLogger({ service: 'test', level: 'silent' });
  const app = createHttpApp({ service: 'test', logger, metrics, health, routes, ...more });
  const { port, server, close } = await listen(app, { port: 0, host: '127.0.0.1' });
  const call = async (method: string, path: string, o: { body?: unknown; headers?: Record<string, string> } = {}) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { ...(o.body === undefined ? {} : { 'content-type': 'application/json' }), ...o.headers },
      ...(o.body === undefined ? {} : { body: typeof o.body === 'string' ? o.body : JSON.stringify(o.body) }),
    });
    const text = await answer.text();
    const isJson = text !== '' && /json/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: isJson ? (JSON.parse(text) as unknown) : undefined,
    };
  };
  return { port, server, close, call, health, metrics };
}

/** A passport strategy that lets `Bearer slow:<ms>:<name>` in as that name after that time, `Bearer ada` at once, refuses everyone else, and can't tell about `Bearer away`. */
export function testStrategy(): Strategy {
  const strategy: Strategy = {
    name: 'test',
    authenticate(req) {
      const header = req.headers['authorization'];
      if (header === 'Bearer ada') this.success({ sub: 'ada', sid: 's', iat: 0, exp: 1 } as Express.User);
      else if (header === 'Bearer away') {
        this.fail(Object.assign(new Error('no keys'), { code: 'unavailable' }) as unknown as string, 401);
      } else if (header?.startsWith('Bearer slow:')) {
        const [, ms, sub] = header.split(':');
        setTimeout(() => this.success({ sub, sid: 's', iat: 0, exp: 1 } as Express.User), Number(ms));
      } else if (header === 'Bearer broken') this.error(new Error('secret reason'));
      else this.fail('no', 401);
    },
  } as Strategy;
  return strategy;
}
