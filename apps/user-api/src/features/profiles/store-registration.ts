import type { RegisteredUser } from '@parley/contracts';
import { DURABLE, isDuplicateKey } from '@parley/mongo';
import type { Collection } from 'mongodb';
import { newProfile, type ProfileDocument } from './profile-document.ts';

/**
 * Stores the profile of somebody who registered, unless there is one: the owner may have changed it since.
 * It may run any number of times, also at once, from the event and from reading through.
 */
export async function storeRegistration(
  profiles: Collection<ProfileDocument>,
  registered: RegisteredUser,
): Promise<ProfileDocument> {
  const profile = newProfile(registered);
  const { _id, ...fields } = profile;
  try {
    const stored = await profiles.findOneAndUpdate(
      { _id },
      { $setOnInsert: fields },
      { upsert: true, returnDocument: 'after', writeConcern: DURABLE },
    );
    return stored ?? profile;
  } catch (error) {
    // Two upserts at once: MongoDB lets one insert and tells the other so.
    if (!isDuplicateKey(error)) throw error;
    return (await profiles.findOne({ _id })) ?? profile;
  }
}
