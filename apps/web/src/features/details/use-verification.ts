import type { Verification } from '@parley/chat-client';
import type { ChatId } from '@parley/domain';
import { useEffect, useRef, useState } from 'react';
import { useChatClient } from '../chats/chat-client-provider.tsx';

export type VerificationState =
  | { status: 'idle' }
  | { status: 'running'; upTo: number; head: number }
  | { status: 'done'; result: Verification }
  | { status: 'failed'; error: unknown };

/** Verifies a whole conversation when asked to, and stops when whoever asked goes away. */
export function useVerification(chatId: ChatId): { state: VerificationState; start(): void } {
  const client = useChatClient();
  const [state, setState] = useState<VerificationState>({ status: 'idle' });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  return {
    state,
    start: () => {
      const abort = new AbortController();
      running.current?.abort();
      running.current = abort;
      const set = (next: VerificationState) => {
        if (!abort.signal.aborted) setState(next);
      };
      set({ status: 'running', upTo: 0, head: 0 });
      client
        .verify(chatId, (upTo, head) => set({ status: 'running', upTo, head }), abort.signal)
        .then(
          (result) => set({ status: 'done', result }),
          (error: unknown) => set({ status: 'failed', error }),
        );
    },
  };
}
