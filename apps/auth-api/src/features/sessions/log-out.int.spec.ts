import { createTestEngines, eventually, type TestEngines } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, PASSWORD, sentBack, serveAuthApi, type AuthApi } from '../../auth-api.fixture.ts';
import { listenToEvents } from '../../events.fixture.ts';

let engines: TestEngines;
let api: AuthApi;
let events: Awaited<ReturnType<typeof listenToEvents>>;

beforeAll(async () => {
  engines = await createTestEngines();
  events = await listenToEvents(engines.rabbitUrl);
  api = await serveAuthApi(engines);
});
afterAll(async () => {
  await api.close();
  await events.close();
  await engines.dispose();
});

const body = { 'x-token-transport': 'body' };

describe('POST /api/v1/auth/logout', () => {
  it('ends the session of the cookie and takes the cookie back', async () => {
    const { user } = await api.register();
    const { cookie } = await api.post('login', { identifier: user.username, password: PASSWORD });
    const answer = await api.post('logout', undefined, sentBack(cookie));
    expect([answer.status, answer.json]).toEqual([204, undefined]);
    expect(answer.cookie).toMatch(/^parley_refresh=; Path=\/api\/v1\/auth; Expires=Thu, 01 Jan 1970/);
    expect((await api.post('refresh', undefined, sentBack(cookie))).status).toBe(401);
  });

  it('ends the session of a refresh token in the body, and of an access token, at once and with an event', async () => {
    const [ada, bob] = [await api.register(), await api.register()];
    const look = async ({ user, accessToken }: typeof ada) =>
      (await api.call('GET', `/internal/users/${user.id}`, undefined, bearer(accessToken))).status;
    expect([await look(ada), await look(bob)]).toEqual([200, 200]);
    expect((await api.post('logout', { refreshToken: ada.refreshToken }, body)).status).toBe(204);
    expect((await api.post('logout', undefined, bearer(bob.accessToken))).status).toBe(204);
    expect([await look(ada), await look(bob)]).toEqual([401, 401]);
    expect((await api.refresh(bob.refreshToken)).code).toBe('refresh_invalid');
    await eventually(() => {
      const ended = events.of('session.revoked').map(({ payload }) => payload.userId);
      expect(ended).toEqual(expect.arrayContaining([ada.user.id, bob.user.id]));
    });
  });

  it('leaves the same user’s other session alone', async () => {
    const first = await api.register();
    const login = { identifier: first.user.username, password: PASSWORD };
    const { refreshToken } = (await api.post('login', login, body)).json as { refreshToken: string };
    await api.post('logout', { refreshToken: first.refreshToken }, body);
    expect((await api.refresh(refreshToken)).status).toBe(200);
  });

  it('is done when there is nothing to end: anonymous, twice, with tokens that are none', async () => {
    const { refreshToken } = await api.register();
    for (const token of [refreshToken, refreshToken, 'x']) {
      expect((await api.post('logout', { refreshToken: token })).status).toBe(204);
    }
    expect((await api.post('logout')).status).toBe(204);
    expect((await api.post('logout', undefined, bearer('a.b.c'))).status).toBe(204);
  });

  it('refuses what it does not know, and a page of another origin', async () => {
    expect((await api.post('logout', { everywhere: true })).status).toBe(400);
    expect((await api.post('logout', undefined, { origin: 'null' })).status).toBe(403);
  });
});
