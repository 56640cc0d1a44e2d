import type { PatchMeBody } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { DURABLE } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import type { ExchangeAvatar } from '../avatars/exchange-avatar.ts';
import { applyPatch } from './apply-patch.ts';
import type { People } from './people.ts';
import type { ProfileDocument } from './profile-document.ts';

export type PatchMe = (id: UserId, patch: PatchMeBody, authorization: string) => Promise<ProfileDocument | null>;

/** Changes one's own profile and tells others by `announce`; null when there is no such person. */
export function createPatchMe(o: {
  profiles: Collection<ProfileDocument>;
  people: People;
  exchangeAvatar: ExchangeAvatar;
  announce(profile: ProfileDocument): void;
  clock: Clock;
}): PatchMe {
  return async (id, { avatarUploadId, ...patch }, authorization) => {
    for (;;) {
      const profile = await o.people.byId(id, authorization);
      if (!profile) return null;
      const avatar = await o.exchangeAvatar(profile.avatar ?? null, avatarUploadId, authorization);
      const patched = applyPatch(profile, { ...patch, avatar }, o.clock());
      if (!patched) return profile;
      const { _id, ...fields } = patched;
      const written = await o.profiles.updateOne(
        { _id, version: profile.version },
        { $set: fields },
        { writeConcern: DURABLE },
      );
      // Another device of theirs was faster: what it wrote is the base for this one.
      if (written.matchedCount === 0) continue;
      o.announce(patched);
      return patched;
    }
  };
}
