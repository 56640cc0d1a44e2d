import { authAnswer, problem } from '@parley/contracts';
import { createTestEngines, eventually, type TestEngines } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newName, PASSWORD, serveAuthApi, type AuthApi } from '../../auth-api.fixture.ts';
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

const somebody = (change: object = {}) => {
  const username = newName();
  return { username, email: `${username}@example.org`, password: PASSWORD, ...change };
};

describe('POST /api/v1/auth/register', () => {
  it('opens an account, signs in by a cookie that no script reads, and tells the others', async () => {
    const body = somebody({ displayName: 'Ada L.' });
    const answer = await api.post('register', body);
    expect(answer.status).toBe(201);
    const { user, refreshToken, expiresIn } = authAnswer.parse(answer.json);
    expect(user).toEqual({ id: user.id, username: body.username, email: body.email, displayName: 'Ada L.' });
    expect([refreshToken, expiresIn]).toEqual([undefined, 600]);
    expect(answer.cookie).toMatch(
      /^parley_refresh=[\w-]{43}\.[\w-]{43}; Max-Age=2592000; Path=\/api\/v1\/auth; Expires=.+; HttpOnly; SameSite=Strict$/,
    );
    await eventually(() => {
      const [event] = events.of('user.registered').filter(({ payload }) => payload.userId === user.id);
      expect(event).toMatchObject({
        id: `user:${user.id}:registered`,
        payload: { username: body.username, displayName: 'Ada L.' },
      });
    });
  });

  it('keeps the cookie off plain HTTP where the page came over HTTPS', async () => {
    const origin = 'https://parley.example';
    const secure = await serveAuthApi(engines, { env: { PUBLIC_ORIGINS: origin } });
    expect((await secure.post('register', somebody(), { origin })).cookie).toMatch(/; Secure/);
    await secure.close();
  });

  it('gives the token in the body where the client asks for that, and no cookie', async () => {
    const answer = await api.post('register', somebody(), { 'x-token-transport': 'body' });
    expect(authAnswer.parse(answer.json).refreshToken).toMatch(/^[\w-]{43}\.[\w-]{43}$/);
    expect(answer.cookie).toBeUndefined();
  });

  it('names people after their username where they give no other', async () => {
    const body = somebody();
    const { user } = authAnswer.parse((await api.post('register', body)).json);
    expect(user.displayName).toBe(body.username);
  });

  it('tells which name is taken, whatever its letter case', async () => {
    const first = somebody();
    await api.post('register', first);
    const sameName = await api.post('register', somebody({ username: first.username.toUpperCase() }));
    expect([sameName.status, problem.parse(sameName.json).code]).toEqual([409, 'username_taken']);
    const sameMail = await api.post('register', somebody({ email: ` ${first.email.toUpperCase()} ` }));
    expect([sameMail.status, problem.parse(sameMail.json).code]).toEqual([409, 'email_taken']);
  });

  it('gives a name to one of ten who want it at once', async () => {
    const username = newName();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => api.post('register', { ...somebody(), username })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
  });

  it.each([
    ['a field that it does not know', { role: 'admin' }],
    ['an id', { _id: 'mine' }],
    ['an operator for a name', { username: { $gt: '' } }],
    ['an operator for a password', { password: { $ne: null } }],
    ['a short password', { password: 'short' }],
    ['a password of megabytes', { password: 'x'.repeat(2_000) }],
    ['a name with a space', { username: 'a b c' }],
    ['an e-mail address that is none', { email: 'nobody' }],
    ['an empty display name', { displayName: '   ' }],
  ])('refuses %s', async (_what, change) => {
    const answer = await api.post('register', somebody(change));
    expect([answer.status, problem.parse(answer.json).code]).toEqual([400, 'invalid_request']);
    expect(answer.cookie).toBeUndefined();
  });

  it('refuses a page of another origin, and takes its own', async () => {
    const foreign = await api.post('register', somebody(), { origin: 'http://evil.example' });
    expect([foreign.status, problem.parse(foreign.json).code]).toEqual([403, 'forbidden']);
    expect((await api.post('register', somebody(), { origin: 'http://localhost:3000' })).status).toBe(201);
  });
});
