import { authAnswer, problem } from '@parley/contracts';
import { createTestEngines, eventually, type TestEngines } from '@parley/testing';
import { MongoClient } from 'mongodb';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, newName, PASSWORD, sentBack, serveAuthApi, type AuthApi } from '../../auth-api.fixture.ts';
import { listenToEvents } from '../../events.fixture.ts';
import { GRACE_MS } from './decide-refresh.ts';
import { newRefreshToken } from './refresh-token.ts';

let engines: TestEngines;
let api: AuthApi;
let events: Awaited<ReturnType<typeof listenToEvents>>;
let ahead = 0;
const passMs = (ms: number) => void (ahead += ms);

beforeAll(async () => {
  engines = await createTestEngines();
  events = await listenToEvents(engines.rabbitUrl);
  api = await serveAuthApi(engines, { clock: () => new Date(Date.now() + ahead) });
});
afterAll(async () => {
  await api.close();
  await events.close();
  await engines.dispose();
});

/** Whether the session store still takes an access token. */
const isTaken = async ({ accessToken, id }: { accessToken: string; id: string }) =>
  (await api.call('GET', `/internal/users/${id}`, undefined, bearer(accessToken))).status === 200;

describe('POST /api/v1/auth/refresh', () => {
  it('gives a new pair for each token, in the body or as the cookie, as it was asked for', async () => {
    const { user, refreshToken } = await api.register();
    const first = await api.refresh(refreshToken);
    expect(first).toMatchObject({ status: 200 });
    expect(first.next).not.toBe(refreshToken);
    const answer = await api.post('refresh', undefined, { cookie: `parley_refresh=${first.next}` });
    expect(authAnswer.parse(answer.json)).toEqual({ user, expiresIn: 600, accessToken: expect.any(String) });
    const again = await api.post('refresh', {}, sentBack(answer.cookie));
    expect([again.status, again.cookie]).toEqual([200, expect.stringContaining('HttpOnly; SameSite=Strict')]);
  });

  it('lets two tabs that refresh at once both go on (fault 26)', async () => {
    const { refreshToken } = await api.register();
    const both = await Promise.all([api.refresh(refreshToken), api.refresh(refreshToken)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    // The cookie jar that both share holds one of them, whichever came last.
    passMs(GRACE_MS * 3);
    expect(await api.refresh(both[1]?.next ?? '')).toMatchObject({ status: 200 });
  });

  it('lets twenty at once go on', async () => {
    const { refreshToken } = await api.register();
    const all = await Promise.all(Array.from({ length: 20 }, () => api.refresh(refreshToken)));
    expect(all.map(({ status }) => status)).toEqual(Array<number>(20).fill(200));
    expect(new Set(all.map(({ next }) => next)).size).toBe(20);
  });

  it('gives a client whose answer was lost another one', async () => {
    const { refreshToken } = await api.register();
    await api.refresh(refreshToken);
    passMs(GRACE_MS - 1_000);
    const again = await api.refresh(refreshToken);
    expect(again).toMatchObject({ status: 200 });
    expect(await api.refresh(again.next)).toMatchObject({ status: 200 });
  });

  it('ends the whole session on an old token: tokens, session store, sockets (fault 26)', async () => {
    const { user, refreshToken } = await api.register();
    const thief = await api.refresh(refreshToken);
    passMs(GRACE_MS + 1_000);
    const access = { accessToken: thief.accessToken, id: user.id };
    expect(await isTaken(access)).toBe(true);

    expect(await api.refresh(refreshToken)).toMatchObject({ status: 401, code: 'refresh_reused' });
    expect(await isTaken(access)).toBe(false);
    expect(await api.refresh(thief.next)).toMatchObject({ status: 401, code: 'refresh_invalid' });
    expect(await api.refresh(refreshToken)).toMatchObject({ status: 401, code: 'refresh_invalid' });
    await eventually(() => {
      const revoked = events.of('session.revoked').filter(({ payload }) => payload.userId === user.id);
      expect(revoked).toHaveLength(1);
    });
  });

  it('takes a token from before the previous one as old at once, and leaves the user’s other sessions alone', async () => {
    const { user, refreshToken } = await api.register();
    const other = await api.post(
      'login',
      { identifier: user.username, password: PASSWORD },
      { 'x-token-transport': 'body' },
    );
    const first = await api.refresh(refreshToken);
    await api.refresh(first.next);
    expect(await api.refresh(refreshToken)).toMatchObject({ status: 401, code: 'refresh_reused' });
    expect(await api.refresh(authAnswer.parse(other.json).refreshToken ?? '')).toMatchObject({ status: 200 });
  });

  it('revokes nothing for a token that was never given out, even beside a right session', async () => {
    const { refreshToken } = await api.register();
    expect(await api.refresh(newRefreshToken().token)).toMatchObject({ status: 401, code: 'refresh_invalid' });
    for (const token of ['', 'x', '../../etc/passwd', refreshToken.slice(0, -1)]) {
      expect((await api.refresh(token)).status).not.toBe(200);
    }
    expect(await api.refresh(refreshToken)).toMatchObject({ status: 200 });
  });

  it('ends a session that was not used for 30 days, and only then', async () => {
    const { refreshToken } = await api.register();
    const day = 24 * 3_600_000;
    passMs(29 * day);
    const { status, next } = await api.refresh(refreshToken);
    passMs(29 * day);
    const slid = await api.refresh(next);
    passMs(30 * day + 1);
    const ended = await api.refresh(slid.next);
    expect([status, slid.status, ended.status, ended.code]).toEqual([200, 200, 401, 'refresh_invalid']);
  });

  it('takes back the cookie that is good for nothing', async () => {
    const answer = await api.post('refresh', undefined, { cookie: 'parley_refresh=gone' });
    expect(answer.status).toBe(401);
    expect(answer.cookie).toMatch(/^parley_refresh=; Path=\/api\/v1\/auth; Expires=Thu, 01 Jan 1970/);
  });

  it('does not give the token of the cookie to a script', async () => {
    const { refreshToken } = await api.register();
    const cookie = { cookie: `parley_refresh=${refreshToken}` };
    const asked = await api.post('refresh', {}, { ...cookie, 'x-token-transport': 'body' });
    expect([asked.status, problem.parse(asked.json).code]).toEqual([401, 'refresh_invalid']);
    expect(await api.post('refresh', {}, cookie)).toMatchObject({ status: 200 });
  });

  it('refuses what it does not know, an access token, and a page of another origin', async () => {
    const { refreshToken, accessToken } = await api.register();
    expect((await api.post('refresh', { refreshToken, sid: 'x' })).status).toBe(400);
    expect((await api.post('refresh', { refreshToken: { $gt: '' } })).status).toBe(400);
    expect((await api.refresh(accessToken)).status).toBe(401);
    const foreign = await api.post('refresh', undefined, {
      cookie: `parley_refresh=${refreshToken}`,
      origin: 'http://localhost:3000.evil.example',
    });
    expect([foreign.status, problem.parse(foreign.json).code]).toEqual([403, 'forbidden']);
    expect(await api.refresh(refreshToken)).toMatchObject({ status: 200 });
  });

  it('stores nothing that a token could be made from, and says in Redis which session lives', async () => {
    const username = newName();
    const { user, refreshToken } = await api.register(username);
    const mongo = new MongoClient(engines.mongoUri);
    const session = await mongo.db(engines.database).collection('sessions').findOne({ userId: user.id });
    const [family, secret] = refreshToken.split('.');
    for (const part of [family, secret, PASSWORD]) expect(JSON.stringify(session)).not.toContain(part);
    await mongo.close();
    const redis = createClient({ url: engines.redisUrl });
    await redis.connect();
    const key = `${engines.redisKeyPrefix}session:${String(session?._id)}`;
    expect([await redis.get(key), await redis.ttl(key)]).toEqual([user.id, expect.closeTo(30 * 86_400, -2)]);
    await redis.close();
  });
});
