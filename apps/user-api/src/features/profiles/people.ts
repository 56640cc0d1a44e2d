import type { RegisteredUser } from '@parley/contracts';
import { USERNAME_MAX, USERNAME_MIN, USERNAME_PATTERN, type UserId } from '@parley/domain';
import type { Logger } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import type { ProfileDocument } from './profile-document.ts';
import type { RegisteredUsers } from './registered-users.ts';
import { storeRegistration } from './store-registration.ts';

/** A batch reads through for so many at most: its ids may be made up, and each one is a request to auth-api. */
const READ_THROUGH_MAX = 20;

export type People = {
  /** @throws HttpProblem `unavailable` when they aren't known here and auth-api can't be asked */
  byId(id: UserId, authorization: string): Promise<ProfileDocument | null>;
  /** Those who exist, in the order of `ids`; without the ones that only auth-api could tell of while it is away. */
  byIds(ids: readonly UserId[], authorization: string): Promise<ProfileDocument[]>;
  /** As `byIds`: null also when nobody can be asked. */
  byUsername(username: string, authorization: string): Promise<ProfileDocument | null>;
};

/**
 * Profiles, with reading through: whoever registered a moment ago, and whose event has not arrived, is fetched from
 * auth-api with the caller's own token, and stored.
 */
export function createPeople(o: {
  profiles: Collection<ProfileDocument>;
  registered: RegisteredUsers;
  logger: Logger;
}): People {
  const { profiles, registered } = o;
  const stored = (user: RegisteredUser | null): Promise<ProfileDocument> | null =>
    user && storeRegistration(profiles, user);

  const ifAnyoneKnows = async (asked: Promise<RegisteredUser | null>): Promise<ProfileDocument | null> => {
    const user = await asked.catch((error: unknown) => {
      o.logger.warn({ err: error }, 'not read through');
      return null;
    });
    return stored(user);
  };

  return {
    byId: async (id, authorization) =>
      (await profiles.findOne({ _id: id })) ?? stored(await registered.byId(id, authorization)),
    byIds: async (ids, authorization) => {
      const known = await profiles.find({ _id: { $in: [...ids] } }).toArray();
      const byId = new Map(known.map((profile) => [profile._id, profile]));
      const unknown = ids.filter((id) => !byId.has(id)).slice(0, READ_THROUGH_MAX);
      const found = await Promise.all(unknown.map((id) => ifAnyoneKnows(registered.byId(id, authorization))));
      for (const profile of found) if (profile) byId.set(profile._id, profile);
      return ids.flatMap((id) => byId.get(id) ?? []);
    },
    byUsername: async (username, authorization) => {
      if (!isUsername(username)) return null;
      return (await profiles.findOne({ username })) ?? ifAnyoneKnows(registered.byUsername(username, authorization));
    },
  };
}

function isUsername(text: string): boolean {
  return text.length >= USERNAME_MIN && text.length <= USERNAME_MAX && USERNAME_PATTERN.test(text);
}
