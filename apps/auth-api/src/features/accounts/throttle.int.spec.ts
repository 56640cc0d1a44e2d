import { problem } from '@parley/contracts';
import { createTestEngines, type TestEngines } from '@parley/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newName, PASSWORD, serveAuthApi, type AuthApi } from '../../auth-api.fixture.ts';

let engines: TestEngines;
let api: AuthApi;

beforeAll(async () => {
  engines = await createTestEngines();
  api = await serveAuthApi(engines, {
    env: {
      LOGIN_ATTEMPTS_PER_ACCOUNT: '3',
      LOGIN_ATTEMPTS_ACROSS_ADDRESSES: '8',
      LOGIN_ATTEMPTS_PER_IP: '12',
      REGISTRATIONS_PER_IP: '40',
    },
  });
});
afterAll(async () => {
  await api.close();
  await engines.dispose();
});

const from = (address: string) => ({ 'x-forwarded-for': address });
const attempt = async (identifier: string, address: string, password = 'wrong password') =>
  (await api.post('login', { identifier, password }, from(address))).status;
const times = async <T>(n: number, fn: (i: number) => Promise<T>): Promise<T[]> => {
  const results: T[] = [];
  for (let i = 0; i < n; i += 1) results.push(await fn(i));
  return results;
};

describe('throttling of sign-in', () => {
  it('stops one address at one account, also by its other name, and says when to come back', async () => {
    const { user } = await api.register();
    expect(await times(3, () => attempt(user.username, '198.51.100.1'))).toEqual([401, 401, 401]);
    const answer = await api.post('login', { identifier: user.email, password: PASSWORD }, from('198.51.100.1'));
    expect([answer.status, problem.parse(answer.json).code]).toEqual([429, 'too_many_attempts']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(800);
    expect(await attempt(user.username, '198.51.100.2', PASSWORD)).toBe(200);
  });

  it('starts to count anew after the right password', async () => {
    const { user } = await api.register();
    const round = async () => [
      ...(await times(2, () => attempt(user.username, '198.51.100.10'))),
      await attempt(user.username, '198.51.100.10', PASSWORD),
    ];
    expect(await round()).toEqual([401, 401, 200]);
    expect(await round()).toEqual([401, 401, 200]);
  });

  it('counts a /64 of IPv6 as one address', async () => {
    const { user } = await api.register();
    expect(await times(4, (i) => attempt(user.username, `2001:db8:7::${i + 1}`))).toEqual([401, 401, 401, 429]);
  });

  it('treats a name that nobody has like any other', async () => {
    const nobody = newName();
    expect(await times(4, () => attempt(nobody, '198.51.100.20'))).toEqual([401, 401, 401, 429]);
  });

  it('stops many addresses at one account, while a device that is signed in goes on (fault 27)', async () => {
    const { user, refreshToken } = await api.register();
    const guesses = await Promise.all(
      Array.from({ length: 200 }, (_, i) => attempt(user.username, `203.0.113.${i + 1}`)),
    );
    expect(guesses.filter((status) => status === 401)).toHaveLength(8);
    expect(guesses.filter((status) => status === 429)).toHaveLength(192);
    expect(await api.refresh(refreshToken)).toMatchObject({ status: 200 });
  });

  it('stops one address at many accounts', async () => {
    const statuses = await times(13, () => attempt(newName(), '192.0.2.1'));
    expect(statuses).toEqual([...Array<number>(12).fill(401), 429]);
  });

  it('does not let the client choose its address: only what the gateway saw last counts', async () => {
    const { user } = await api.register();
    const statuses = await times(4, (i) => attempt(user.username, `10.9.8.${i}, 198.51.100.30`));
    expect(statuses).toEqual([401, 401, 401, 429]);
  });
});

describe('throttling of registration', () => {
  it('stops one address after so many, whoever they call themselves', async () => {
    const register = (i: number) => {
      const username = newName();
      const body = { username, email: `${username}@example.org`, password: i < 2 ? PASSWORD : 'short' };
      return api.post('register', body, from('192.0.2.77'));
    };
    const answers = await times(2, register);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    // A form that is refused costs nothing.
    expect((await register(5)).status).toBe(400);
    const rest = await Promise.all(Array.from({ length: 39 }, () => register(0)));
    expect(rest.filter(({ status }) => status === 201)).toHaveLength(38);
    expect(rest.filter(({ status }) => status === 429)).toHaveLength(1);
  });
});
