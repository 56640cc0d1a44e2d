import { REFRESH_COOKIE, type AuthAnswer } from '@parley/contracts';
import { listen } from '@parley/http-server';
import { eventually, type TestEngines } from '@parley/testing';
import { expect } from 'vitest';
import { compose } from './compose.ts';
import { readEnv } from './env.ts';

export const PASSWORD = 'correct horse battery';

/** Ids that no two runs share. */
let serial = 0;
export const newName = (): string => `u${Date.now().toString(36)}${process.pid}${(serial += 1)}`;

export type Answer = { status: number; headers: Headers; json: unknown; cookie: string | undefined };

/** The whole service on the engines of a spec, served on a port of its own, and a client for it. */
export async function serveAuthApi(
  engines: TestEngines,
  o: { env?: Record<string, string>; clock?: () => Date; until?: string[] } = {},
) {
  const env = readEnv({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    MONGO_URI: engines.mongoUri,
    MONGO_DATABASE: engines.database,
    RABBITMQ_URL: engines.rabbitUrl,
    REDIS_URL: engines.redisUrl,
    REDIS_KEY_PREFIX: engines.redisKeyPrefix,
    ...o.env,
  });
  const { app, shutdown } = await compose(env, o.clock);
  const server = await listen(app, { port: 0, host: '127.0.0.1' });
  shutdown.add('http', server.close);
  const base = `http://127.0.0.1:${server.port}`;

  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const answer = await fetch(base + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(`${REFRESH_COOKIE}=`));
    return { status: answer.status, headers: answer.headers, json: text === '' ? undefined : JSON.parse(text), cookie };
  };
  const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    call('POST', `/api/v1/auth/${path}`, body, headers);

  /** Somebody new, whose refresh token came in the body. */
  const register = async (username = newName()) => {
    const body = { username, email: `${username}@example.org`, password: PASSWORD };
    const answer = await post('register', body, { 'x-token-transport': 'body' });
    expect(answer).toMatchObject({ status: 201 });
    return answer.json as AuthAnswer & { refreshToken: string };
  };
  const refresh = async (refreshToken: string) => {
    const answer = await post('refresh', { refreshToken }, { 'x-token-transport': 'body' });
    const { code, refreshToken: next, accessToken } = answer.json as Record<string, string | undefined>;
    return { status: answer.status, code, next: next ?? '', accessToken: accessToken ?? '' };
  };

  const readiness = async () => (await call('GET', '/health/ready')).json as { checks: Record<string, boolean> };
  await eventually(async () => {
    const { checks } = await readiness();
    const wanted = o.until ?? Object.keys(checks);
    expect(wanted.filter((name) => !checks[name])).toEqual([]);
  });
  return { base, env, call, post, register, refresh, readiness, close: () => shutdown.run('end of spec') };
}

export type AuthApi = Awaited<ReturnType<typeof serveAuthApi>>;

/** `name=value` of a Set-Cookie line, as a browser sends it back. */
export function sentBack(setCookie: string | undefined): { cookie: string } {
  return { cookie: setCookie?.split(';')[0] ?? '' };
}

export const bearer = (accessToken: string): { authorization: string } => ({ authorization: `Bearer ${accessToken}` });
