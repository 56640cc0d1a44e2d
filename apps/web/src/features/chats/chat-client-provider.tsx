'use client';
import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { UserId } from '@parley/domain';
import { useStore } from 'zustand';
import { type ChatClient, type ClientState, startChatClient } from '@parley/chat-client';
import { browserDevice } from '../../client/browser-device.ts';
import { createBrowserProofs } from '../../client/ledger/browser-proofs.ts';
import { createBrowserOutbox } from '../../client/outbox/browser-outbox.ts';
import { createOutboxTabs } from '../../client/outbox/outbox-tabs.ts';
import { putWithProgress } from '../../client/uploads/put-with-progress.ts';
import { Opening } from '../session/opening.tsx';
import { useSession } from '../session/session-provider.tsx';

/** Given by ChatClientProvider, and by specs of components. */
export const ChatClientContext = createContext<ChatClient | null>(null);

/** Runs the chat client of the person who is signed in, for as long as they are. */
export function ChatClientProvider({ me, children }: { me: UserId; children: ReactNode }) {
  const { session, exchange, socketUrl } = useSession();
  const [client, setClient] = useState<ChatClient | null>(null);
  useEffect(() => {
    const started = startChatClient({
      me,
      exchange,
      socketUrl,
      accessToken: session.accessToken,
      outbox: createBrowserOutbox(me, createOutboxTabs(me)),
      proofs: createBrowserProofs(me),
      device: browserDevice,
      putFile: putWithProgress,
      onRevoked: session.revoked,
    });
    setClient(started);
    return () => started.close();
  }, [me, session, exchange, socketUrl]);
  return client === null ? (
    <Opening unreachable={false} />
  ) : (
    <ChatClientContext value={client}>{children}</ChatClientContext>
  );
}

/** @throws Error outside of ChatClientProvider */
export function useChatClient(): ChatClient {
  const client = useContext(ChatClientContext);
  if (client === null) throw new Error('no chat client here');
  return client;
}

/** A part of what the client knows; renders again when that part changes. */
export function useClientState<T>(select: (state: ClientState) => T): T {
  return useStore(useChatClient().store, select);
}
