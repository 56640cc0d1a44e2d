import { problem } from '@parley/contracts';
import { createLogger } from '@parley/service-kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from './http-server.fixture.ts';
import { requestIdOf } from './request-id.ts';
import { publicRoute } from './route.ts';

let app: Awaited<ReturnType<typeof serve>>;
const logged: unknown[] = [];

beforeAll(async () => {
  const logger = createLogger({ service: 'test', level: 'silent' });
  logger.error = (...record: unknown[]) => void logged.push(record[0]);
  app = await serve(
    (router) => {
      router.get('/crash', publicRoute({ handle: () => Promise.reject(new Error('the secret plan')) }));
      router.get(
        '/away',
        publicRoute({
          handle: () => Promise.reject(Object.assign(new Error('no server'), { name: 'MongoServerSelectionError' })),
        }),
      );
      router.get(
        '/people/:id',
        publicRoute({ handle: async ({ res, req }) => ({ id: requestIdOf(res), ip: req.ip }) }),
      );
    },
    { logger, trustProxy: true },
  );
});
afterAll(() => app.close());

describe('createHttpApp', () => {
  it('answers an unknown path with the problem not_found', async () => {
    const answer = await app.call('GET', '/nowhere');
    expect(problem.parse(answer.json)).toEqual({
      type: 'urn:parley:problem:not_found',
      title: 'Not found',
      status: 404,
      code: 'not_found',
      detail: 'There is nothing here.',
      requestId: answer.headers.get('x-request-id'),
    });
  });

  it('masks and logs what it does not know, under the id that the client was told', async () => {
    const answer = await app.call('GET', '/crash', { headers: { 'x-request-id': 'from-the-gateway-1' } });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/secret plan|at /);
    expect(problem.parse(answer.json)).toMatchObject({ code: 'internal_error', requestId: 'from-the-gateway-1' });
    expect(logged.at(-1)).toMatchObject({ requestId: 'from-the-gateway-1', err: new Error('the secret plan') });
  });

  it('answers 503 while MongoDB is away', async () => {
    const answer = await app.call('GET', '/away');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });

  it.each([['short'], ['has spaces in it'], ['x'.repeat(65)], ['<script>alert(1)</script>']])(
    'replaces the request id %s',
    async (given) => {
      const { json } = await app.call('GET', '/people/1', { headers: { 'x-request-id': given } });
      expect(json).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    },
  );

  it('believes one proxy about the address, and not what the client told that proxy', async () => {
    const headers = { 'x-forwarded-for': '6.6.6.6, 10.0.0.7' };
    expect((await app.call('GET', '/people/1', { headers })).json).toMatchObject({ ip: '10.0.0.7' });
  });

  it('tells the platform about life, readiness and durations by route', async () => {
    expect((await app.call('GET', '/health/live')).status).toBe(200);
    app.health.add('mongo', () => false);
    const ready = await app.call('GET', '/health/ready');
    expect([ready.status, ready.json]).toEqual([503, { status: 'not ready', checks: { mongo: false } }]);
    await app.call('GET', '/people/42');
    const { text } = await app.call('GET', '/metrics');
    expect(text).toMatch(/duration_seconds_count\{.*route="\/people\/:id",method="GET",status="200"/);
    expect(text).not.toContain('/people/42');
  });

  it('protects and does not cache by default', async () => {
    const { headers } = await app.call('GET', '/people/1');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('answers HEAD where it answers GET', async () => {
    expect((await app.call('HEAD', '/people/1')).status).toBe(200);
  });
});
