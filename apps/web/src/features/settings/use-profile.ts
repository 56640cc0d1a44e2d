import type { OwnUser, PatchMeBody } from '@parley/contracts';
import { useEffect, useState } from 'react';
import { getMe, patchMe } from '@parley/chat-client';
import { useSession } from '../session/session-provider.tsx';

export type Profile =
  | { status: 'loading' }
  | { status: 'failed'; error: unknown; retry(): void }
  | { status: 'ready'; user: OwnUser; save(patch: PatchMeBody): Promise<void> };

/** One's own profile, and the way to change it. */
export function useProfile(): Profile {
  const { exchange } = useSession();
  const [attempt, setAttempt] = useState(0);
  const [user, setUser] = useState<OwnUser | null>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    let current = true;
    getMe(exchange).then(
      (found) => current && setUser(found),
      (failure: unknown) => current && setError(failure),
    );
    return () => {
      current = false;
    };
  }, [exchange, attempt]);
  if (user !== null) {
    return { status: 'ready', user, save: async (patch) => setUser(await patchMe(exchange, patch)) };
  }
  if (error === null) return { status: 'loading' };
  const retry = () => {
    setError(null);
    setAttempt((n) => n + 1);
  };
  return { status: 'failed', error, retry };
}
