import { problem } from '@parley/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpProblem } from './http-problem.ts';
import { serve, testStrategy } from './http-server.fixture.ts';
import { reply } from './reply.ts';
import { publicRoute, route } from './route.ts';

let app: Awaited<ReturnType<typeof serve>>;

beforeAll(async () => {
  app = await serve(
    (router) => {
      router.post(
        '/things/:id',
        publicRoute({
          body: z.strictObject({ name: z.string(), size: z.strictObject({ w: z.number() }).optional() }),
          query: z.strictObject({ limit: z.coerce.number().int().max(10).default(5) }),
          params: z.strictObject({ id: z.string().max(3) }),
          status: 201,
          handle: async ({ body, query, params }) => ({ name: body.name, limit: query.limit, id: params.id }),
        }),
      );
      router.post('/nothing', publicRoute({ handle: async () => undefined }));
      router.get('/teapot', publicRoute({ handle: async () => reply(202, { chosen: true }) }));
      router.get('/me', route({ handle: async ({ caller }) => ({ me: caller.sub }) }));
      router.post('/mine', route({ body: z.strictObject({ a: z.string() }), handle: async () => ({}) }));
      router.get(
        '/busy',
        publicRoute({
          handle: () => Promise.reject(new HttpProblem('too_many_attempts', 'Wait.', { retryAfterSeconds: 1.2 })),
        }),
      );
    },
    { strategy: testStrategy() },
  );
});
afterAll(() => app.close());

/** The refused paths of a 400. */
async function refused(method: string, path: string, body?: unknown, headers?: Record<string, string>) {
  const answer = await app.call(method, path, { body, ...(headers ? { headers } : {}) });
  const parsed = problem.parse(answer.json);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return { status: answer.status, code: parsed.code, paths: parsed.errors?.map((error) => error.path) };
}

const invalid = (...paths: string[]) => ({ status: 400, code: 'invalid_request', paths });

describe('publicRoute', () => {
  it('hands over what the schemas read, and sends the result with its status', async () => {
    const answer = await app.call('POST', '/things/7?limit=3', { body: { name: 'a' } });
    expect([answer.status, answer.json]).toEqual([201, { name: 'a', limit: 3, id: '7' }]);
    expect((await app.call('GET', '/teapot')).status).toBe(202);
  });

  it('refuses what is missing, wrong or unknown, in body, query and path', async () => {
    expect(await refused('POST', '/things/7', {})).toEqual(invalid('name'));
    expect(await refused('POST', '/things/7')).toEqual(invalid('name'));
    expect(await refused('POST', '/things/7', { name: { $gt: '' } })).toEqual(invalid('name'));
    expect(await refused('POST', '/things/7', { name: 'a', _id: 1 })).toEqual(invalid(''));
    expect(await refused('POST', '/things/7', { name: 'a', size: { w: 1, h: 1 } })).toEqual(invalid('size'));
    expect(await refused('POST', '/things/7', '{"name":"a","__proto__":{"b":1}}')).toEqual(invalid(''));
    expect(await refused('POST', '/things/7', [])).toEqual(invalid(''));
    expect(await refused('POST', '/things/7?limit=99&x=1', { name: 'a' })).toEqual(invalid('query.limit', 'query'));
    expect(await refused('POST', '/things/7?limit=1&limit=2', { name: 'a' })).toEqual(invalid('query.limit'));
    expect(await refused('POST', '/things/7777', { name: 'a' })).toEqual(invalid('params.id'));
  });

  it('takes an empty body or {} where a route has no body, and nothing else', async () => {
    expect((await app.call('POST', '/nothing')).status).toBe(204);
    expect((await app.call('POST', '/nothing', { body: {} })).status).toBe(204);
    expect(await refused('POST', '/nothing', { a: 1 })).toEqual(invalid(''));
    expect(await refused('POST', '/nothing?a=1')).toEqual(invalid('query'));
    expect(await refused('GET', '/teapot?a=1')).toEqual(invalid('query'));
  });

  it('answers malformed JSON, another type, another charset, and too much', async () => {
    const code = async (body: string, type: string) =>
      (await refused('POST', '/things/7', body, { 'content-type': type })).code;
    expect(await code('{"name":', 'application/json')).toBe('invalid_request');
    expect(await code('"text"', 'application/json')).toBe('invalid_request');
    expect(await code('name=a', 'application/x-www-form-urlencoded')).toBe('unsupported_media_type');
    expect(await code('name', 'text/plain')).toBe('unsupported_media_type');
    expect(await code('{}', 'application/json; charset=latin1')).toBe('unsupported_media_type');
    expect(await code(JSON.stringify({ name: 'x'.repeat(70_000) }), 'application/json')).toBe('payload_too_large');
    expect((await refused('POST', '/things/%E0%A4%A', {})).code).toBe('invalid_request');
  });

  it('sends Retry-After in whole seconds', async () => {
    const answer = await app.call('GET', '/busy');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '2']);
  });
});

describe('route', () => {
  it('knows its caller', async () => {
    expect((await app.call('GET', '/me', { headers: { authorization: 'Bearer ada' } })).json).toEqual({ me: 'ada' });
  });

  it('never takes one caller for another, however their verifications overlap', async () => {
    const names = Array.from({ length: 20 }, (_, n) => `caller-${n}`);
    const answers = await Promise.all(
      names.map(async (name, n) => {
        const headers = { authorization: `Bearer slow:${(20 - n) * 5}:${name}` };
        return (await app.call('GET', '/me', { headers })).json;
      }),
    );
    expect(answers).toEqual(names.map((me) => ({ me })));
  });

  it.each([
    [{}, 401, 'unauthorized', 'Bearer'],
    [{ authorization: 'Bearer eve' }, 401, 'unauthorized', 'Bearer error="invalid_token"'],
    [{ authorization: 'Bearer away' }, 503, 'unavailable', null],
    [{ authorization: 'Bearer broken' }, 500, 'internal_error', null],
  ])('answers %j with %i %s', async (headers, status, code, challenge) => {
    const answer = await app.call('GET', '/me', { headers: headers as Record<string, string> });
    expect([answer.status, problem.parse(answer.json).code]).toEqual([status, code]);
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
    expect(answer.text).not.toContain('secret reason');
  });

  it('looks at the token before the input', async () => {
    expect((await app.call('POST', '/mine', { body: { b: 1 } })).status).toBe(401);
    const headers = { authorization: 'Bearer ada' };
    expect((await app.call('POST', '/mine', { body: { b: 1 }, headers })).status).toBe(400);
  });
});
