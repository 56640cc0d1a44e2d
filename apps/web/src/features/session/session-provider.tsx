'use client';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import { authorized, createExchange, type Exchange } from '@parley/chat-client';
import { onSameLoopback } from '../../client/http/loopback.ts';
import { createBrowserTabs } from '../../client/session/browser-tabs.ts';
import { createSession, type Session, type SessionState } from '../../client/session/session.ts';
import type { PublicConfig } from '../../env.ts';

/** `exchange` is in the name of whoever is signed in. */
type SessionContext = { session: Session; exchange: Exchange; socketUrl: string };

const Context = createContext<SessionContext | null>(null);

/** Starts the session of this tab once the page is in a browser; until then, and while it is restored, pages show that they are opening. */
export function SessionProvider({ config, children }: { config: PublicConfig; children: ReactNode }) {
  const [context, setContext] = useState<SessionContext | null>(null);
  const { apiUrl, socketUrl } = config;

  useEffect(() => {
    const { hostname } = globalThis.location;
    const exchange = createExchange(onSameLoopback(apiUrl, hostname), globalThis.fetch.bind(globalThis));
    const tabs = createBrowserTabs();
    const session = createSession(exchange, tabs);
    setContext({
      session,
      exchange: authorized(exchange, session.accessToken),
      socketUrl: onSameLoopback(socketUrl, hostname),
    });
    session.restore().catch(console.error);
    globalThis.addEventListener('online', session.wake);
    return () => {
      globalThis.removeEventListener('online', session.wake);
      session.stop();
      tabs.close();
    };
  }, [apiUrl, socketUrl]);

  return <Context value={context}>{children}</Context>;
}

const RESTORING: SessionState = { status: 'restoring', unreachable: false };
const NOTHING = { getState: () => RESTORING, getInitialState: () => RESTORING, subscribe: () => () => undefined };

/** The session's state; `restoring` on the server too. */
export function useSessionState(): SessionState {
  return useStore(useContext(Context)?.session.store ?? NOTHING);
}

/** @throws Error while the session is being restored: pages render what needs it afterwards only */
export function useSession(): SessionContext {
  const context = useContext(Context);
  if (context === null) throw new Error('the session has not started yet');
  return context;
}
