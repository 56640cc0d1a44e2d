import type { Collection } from 'mongodb';
import { searchPrefixes, type ProfileDocument } from '../profiles/profile-document.ts';

const BATCH = 500;
/** The field is missing: an index has it as null. */
const OLD = { searchPrefixes: null as never };

/**
 * Lets people be found whose profiles were stored before searches read `searchPrefixes`. It may run any number of times, also at once
 * and beside changes, and reads nothing but those profiles: the index has them under null. Resolves with how many it filled.
 */
export async function fillSearchPrefixes(profiles: Collection<ProfileDocument>): Promise<number> {
  let filled = 0;
  for (;;) {
    const old = await profiles
      .find(OLD, { projection: { username: 1, displayName: 1 }, limit: BATCH, batchSize: BATCH })
      .toArray();
    if (old.length === 0) return filled;
    const { modifiedCount } = await profiles.bulkWrite(
      old.map((profile) => ({
        updateOne: {
          filter: { _id: profile._id, ...OLD },
          update: { $set: { searchPrefixes: searchPrefixes(profile) } },
        },
      })),
      { ordered: false },
    );
    filled += modifiedCount;
  }
}
