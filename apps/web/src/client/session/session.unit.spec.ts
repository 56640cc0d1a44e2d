// @vitest-environment node
import { describe, expect, it, vi } from 'vitest';
import { ApiError, type ApiRequest, ConnectionError, type Exchange } from '@parley/chat-client';
import { ME, OTHER } from '@parley/chat-client/testing';
import { createSession, type TabMessage } from './session.ts';

const grant = (token: string, id: string = ME) => ({
  user: { id, username: 'ada', email: 'ada@example.org', displayName: 'Ada' },
  accessToken: token,
  expiresIn: 600,
});

/** A session whose exchanges end as the next of `outcomes` says. */
function setUp(...outcomes: unknown[]) {
  const requests: string[] = [];
  const posted: TabMessage[] = [];
  let hear: (message: TabMessage) => void = () => undefined;
  let now = 0;
  const exchange: Exchange = async <T>(request: ApiRequest<T>): Promise<T> => {
    requests.push(request.path.split('/').at(-1) ?? '');
    const outcome = outcomes.shift();
    await Promise.resolve();
    if (outcome instanceof Error) throw outcome;
    return outcome as T;
  };
  const tabs = {
    post: (message: TabMessage) => void posted.push(message),
    onMessage: (handler: typeof hear) => {
      hear = handler;
    },
    exclusive: <T>(run: () => Promise<T>) => run(),
  };
  const session = createSession(exchange, tabs, () => now);
  return { session, requests, posted, hear: (m: TabMessage) => hear(m), pass: (ms: number) => (now += ms) };
}

const refused = () => new ApiError('refresh_invalid', '');

describe('session', () => {
  it('is restored by the cookie, or ends where there is none', async () => {
    const { session } = setUp(grant('T1'));
    await session.restore();
    expect(session.store.getState()).toMatchObject({ status: 'signed-in', user: { id: ME } });
    const none = setUp(refused());
    await none.session.restore();
    expect(none.session.store.getState()).toEqual({ status: 'signed-out' });
  });

  it('keeps trying to restore while nobody answers', async () => {
    const { session, requests } = setUp(new ConnectionError('away'), grant('T1'));
    const restored = session.restore();
    await vi.waitFor(() => expect(session.store.getState()).toEqual({ status: 'restoring', unreachable: true }));
    session.wake();
    await restored;
    expect(session.store.getState().status).toBe('signed-in');
    expect(requests).toEqual(['refresh', 'refresh']);
  });

  it('renews a token before its end, once for all who wait', async () => {
    const { session, requests, pass } = setUp(grant('T1'), grant('T2'));
    await session.login({ identifier: 'ada', password: 'secret' });
    expect(await session.accessToken()).toBe('T1');
    pass(575_000);
    expect(await Promise.all([session.accessToken(), session.accessToken()])).toEqual(['T2', 'T2']);
    expect(requests).toEqual(['login', 'refresh']);
  });

  it('ends with a reason when it can be renewed no more', async () => {
    const { session } = setUp(grant('T1'), refused());
    await session.login({ identifier: 'ada', password: 'secret' });
    await expect(session.accessToken({ renewed: true })).rejects.toThrow(ApiError);
    expect(session.store.getState()).toEqual({ status: 'signed-out', reason: 'expired' });
  });

  it('survives a renewal that nobody answered', async () => {
    const { session } = setUp(grant('T1'), new ConnectionError('away'));
    await session.login({ identifier: 'ada', password: 'secret' });
    await expect(session.accessToken({ renewed: true })).rejects.toThrow(ConnectionError);
    expect(session.store.getState().status).toBe('signed-in');
  });

  it('ends in all tabs, and follows another tab to another account', async () => {
    const { session, posted, hear } = setUp(grant('T1'), undefined, grant('T2', OTHER));
    await session.login({ identifier: 'ada', password: 'secret' });
    await session.logout();
    expect(session.store.getState()).toEqual({ status: 'signed-out' });
    expect(posted).toEqual([{ type: 'signed-in', userId: ME }, { type: 'signed-out' }]);
    hear({ type: 'signed-in', userId: OTHER });
    await vi.waitFor(() => expect(session.store.getState()).toMatchObject({ user: { id: OTHER } }));
    hear({ type: 'signed-out' });
    expect(session.store.getState().status).toBe('signed-out');
  });
});
