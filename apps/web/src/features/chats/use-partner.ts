import type { UserId } from '@parley/domain';
import { useClientState } from './chat-client-provider.tsx';

export type Partner = {
  id: string;
  name: string;
  username: string | null;
  bio: string;
  avatarUrl: string | null;
  online: boolean;
  lastSeenAt: string | null;
};

/** The person on the other end, as far as is known; whether they are online only while we would hear of it. */
export function usePartner(id: UserId | undefined): Partner {
  const person = useClientState((state) => (id === undefined ? undefined : state.people[id]));
  const presence = useClientState((state) => (id === undefined ? undefined : state.presence[id]));
  const isCurrent = useClientState((state) => state.connection === 'live' || state.connection === 'polling');
  return {
    id: id ?? '',
    name: person?.displayName ?? '…',
    username: person?.username ?? null,
    bio: person?.bio ?? '',
    avatarUrl: person?.avatarUrl ?? null,
    online: isCurrent && presence?.online === true,
    lastSeenAt: presence?.lastSeenAt ?? null,
  };
}
