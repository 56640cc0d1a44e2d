import type { BrokerEvent } from '@parley/contracts';
import { isMongoAway } from '@parley/mongo';
import { retryUntil } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import type { ProfileDocument } from './profile-document.ts';
import { storeRegistration } from './store-registration.ts';

/**
 * The handler of `user.registered`. While MongoDB is away it waits, until `signal`: an event that is handed back is
 * dead-lettered after five tries, which would be seconds.
 */
export function createRegistrationProjector(o: { profiles: Collection<ProfileDocument>; signal: AbortSignal }) {
  return async (event: BrokerEvent): Promise<void> => {
    if (event.type !== 'user.registered') return;
    const { userId, ...registered } = event.payload;
    const outcome = await retryUntil(
      async () => {
        try {
          await storeRegistration(o.profiles, { id: userId, ...registered });
          return { ok: true } as const;
        } catch (error) {
          if (isMongoAway(error)) throw error;
          return { ok: false, error } as const;
        }
      },
      { minMs: 200, maxMs: 2_000, signal: o.signal },
    );
    if (!outcome.ok) throw outcome.error;
  };
}
