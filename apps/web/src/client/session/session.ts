import type { AccountUser, AuthAnswer, LoginBody, RegisterBody } from '@parley/contracts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import * as calls from '../calls/auth.ts';
import {
  type AccessToken,
  ApiError,
  createWaiter,
  type Exchange,
  fullJitter,
  isTransient,
  systemClock,
} from '@parley/chat-client';

export type SessionState =
  | { status: 'restoring'; unreachable: boolean }
  | { status: 'signed-out'; reason?: 'expired' | 'revoked' }
  | { status: 'signed-in'; user: AccountUser };

/** What tabs of one browser tell each other. */
export type TabMessage = { type: 'signed-in'; userId: string } | { type: 'signed-out' };
export type Tabs = {
  post(message: TabMessage): void;
  onMessage(handler: (message: TabMessage) => void): void;
  /** Runs alone among all tabs: the refresh token works once, so two tabs must not use it at the same time. */
  exclusive<T>(run: () => Promise<T>): Promise<T>;
};

export type Session = {
  store: StoreApi<SessionState>;
  /** Continues the session of the refresh cookie, trying until somebody answers. */
  restore(): Promise<void>;
  register(body: RegisterBody): Promise<void>;
  login(body: LoginBody): Promise<void>;
  logout(): Promise<void>;
  /** The server ended this session. */
  revoked(): void;
  accessToken: AccessToken;
  /** Tries at once what waits for an answer. */
  wake(): void;
  stop(): void;
};

type Grant = { token: string; goodUntil: number };

/** Access tokens are renewed this long before their end, so that none runs out on its way. */
const MARGIN_MS = 30_000;

export function createSession(exchange: Exchange, tabs: Tabs, now: () => number = Date.now): Session {
  const store = createStore<SessionState>(() => ({ status: 'restoring', unreachable: false }));
  const waiter = createWaiter(systemClock);
  let grant: Grant | undefined;
  let renewing: Promise<string> | undefined;
  let stopped = false;

  const set = (state: SessionState) => store.setState(state, true);

  function accept(answer: AuthAnswer, announce: boolean): string {
    grant = { token: answer.accessToken, goodUntil: now() + answer.expiresIn * 1000 - MARGIN_MS };
    const state = store.getState();
    if (state.status !== 'signed-in' || state.user.id !== answer.user.id)
      set({ status: 'signed-in', user: answer.user });
    if (announce) tabs.post({ type: 'signed-in', userId: answer.user.id });
    return answer.accessToken;
  }

  function end(reason?: 'expired' | 'revoked') {
    grant = undefined;
    set(reason === undefined ? { status: 'signed-out' } : { status: 'signed-out', reason });
  }

  async function renew(): Promise<string> {
    try {
      return accept(await tabs.exclusive(() => calls.refresh(exchange)), false);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        end(store.getState().status === 'signed-in' ? 'expired' : undefined);
      }
      throw error;
    }
  }

  /** One refresh at a time, however many requests wait for it. */
  const renewOnce = (): Promise<string> => {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    return renewing;
  };

  async function restore(): Promise<void> {
    for (let attempt = 1; !stopped && store.getState().status === 'restoring'; attempt += 1) {
      try {
        await renewOnce();
      } catch (error) {
        if (!(error instanceof ApiError) || isTransient(error)) {
          if (store.getState().status === 'restoring') set({ status: 'restoring', unreachable: true });
        } else end();
        if (store.getState().status !== 'restoring') return;
        await waiter.wait(500 + fullJitter(attempt, { baseMs: 1_000, maxMs: 10_000, random: Math.random }));
      }
    }
  }

  tabs.onMessage((message) => {
    const state = store.getState();
    if (message.type === 'signed-out' && state.status === 'signed-in') end();
    if (message.type === 'signed-in' && (state.status !== 'signed-in' || state.user.id !== message.userId)) {
      set({ status: 'restoring', unreachable: false });
      restore().catch(console.error);
    }
  });

  return {
    store,
    restore,
    register: async (body) => void accept(await calls.register(exchange, body), true),
    login: async (body) => void accept(await calls.login(exchange, body), true),
    logout: async () => {
      await calls.logout(exchange, grant?.token).catch((error: unknown) => {
        if (!(error instanceof ApiError) || error.status !== 401) throw error;
      });
      end();
      tabs.post({ type: 'signed-out' });
    },
    revoked: () => end('revoked'),
    accessToken: async (o) => {
      if (o?.renewed !== true && grant !== undefined && grant.goodUntil > now()) return grant.token;
      return renewOnce();
    },
    wake: waiter.wake,
    stop: () => {
      stopped = true;
      waiter.wake();
    },
  };
}
