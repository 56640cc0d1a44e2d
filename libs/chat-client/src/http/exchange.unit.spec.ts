// @vitest-environment node
import { z } from 'zod';
import { describe, expect, it } from 'vitest';
import { createExchange } from './exchange.ts';
import { authorized } from './authorized.ts';
import { ApiError, ConnectionError, isTransient } from './errors.ts';

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const problemOf = (status: number, code: string) => ({
  type: 'about:blank',
  title: 'x',
  status,
  code,
  detail: 'why',
  errors: [{ path: 'email', message: 'bad' }],
  requestId: 'r',
});
const answering = (...responses: (Response | Error)[]) => {
  const calls: Request[] = [];
  const exchange = createExchange('http://api.test', (input, init) => {
    calls.push(new Request(input as URL, init));
    const next = responses.shift();
    return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error('no more'));
  });
  return { exchange, calls };
};
const get = { method: 'GET', path: '/x', query: { a: 1, b: undefined }, answer: z.object({ n: z.number() }) } as const;

describe('exchange', () => {
  it('sends what was asked and parses what came', async () => {
    const { exchange, calls } = answering(json(200, { n: 3, more: true }));
    expect(await exchange({ ...get, token: 'T' })).toEqual({ n: 3 });
    expect(calls[0]?.url).toBe('http://api.test/x?a=1');
    expect(calls[0]?.headers.get('authorization')).toBe('Bearer T');
  });

  it('gives a refusal its code, fields and wait', async () => {
    const { exchange } = answering(json(429, problemOf(429, 'too_many_attempts'), { 'retry-after': '7' }));
    const error = await exchange(get).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'too_many_attempts', status: 429, retryAfterMs: 7000 });
    expect((error as ApiError).fields).toEqual([{ path: 'email', message: 'bad' }]);
  });

  it('takes an error page, silence and a wrong answer as failures that may pass', async () => {
    const page = new Response('<h1>Bad gateway</h1>', { status: 502 });
    const { exchange } = answering(page, new TypeError('failed to fetch'), json(200, { n: 'three' }));
    const errors = [];
    for (let i = 0; i < 3; i += 1) errors.push(await exchange(get).catch((e: unknown) => e));
    expect(errors[0]).toBeInstanceOf(ApiError);
    expect(errors.slice(1).every((e) => e instanceof ConnectionError)).toBe(true);
    expect(errors.every(isTransient)).toBe(true);
    expect(isTransient(new ApiError('blocked', ''))).toBe(false);
  });

  it('renews a token that was refused, once', async () => {
    const { exchange, calls } = answering(json(401, problemOf(401, 'unauthorized')), json(200, { n: 1 }));
    const asked: boolean[] = [];
    const mine = authorized(exchange, (o) => {
      asked.push(o?.renewed ?? false);
      return Promise.resolve(o?.renewed === true ? 'new' : 'old');
    });
    expect(await mine(get)).toEqual({ n: 1 });
    expect(asked).toEqual([false, true]);
    expect(calls.map((call) => call.headers.get('authorization'))).toEqual(['Bearer old', 'Bearer new']);
  });
});
