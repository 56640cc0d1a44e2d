import { foldText, type UserId } from '@parley/domain';
import type { Collection } from 'mongodb';
import type { BlockDocument } from '../blocks/block-document.ts';
import type { People } from '../profiles/people.ts';
import type { ProfileDocument } from '../profiles/profile-document.ts';

export type Search = {
  callerId: UserId;
  text: string;
  limit: number;
  /** Last username of the page before; undefined for the first page. */
  after: string | undefined;
  authorization: string;
};

/** `last`: where the page ended, for the next one; null when it was the last page. */
export type SearchPage = { profiles: ProfileDocument[]; last: string | null };
export type SearchUsers = (search: Search) => Promise<SearchPage>;

/**
 * People whose username, or any word of whose display name, begins with the text, whatever its case and accents.
 * Whoever has just that username comes first, the others follow by username. Neither oneself nor those who blocked one.
 */
export function createSearchUsers(o: {
  profiles: Collection<ProfileDocument>;
  blocks: Collection<BlockDocument>;
  people: People;
}): SearchUsers {
  return async ({ callerId, text, limit, after, authorization }) => {
    const prefix = foldText(text);
    if (prefix === '') return { profiles: [], last: null };
    const blockers = await o.blocks
      .find({ otherId: callerId, removedAt: null }, { projection: { ownerId: 1 } })
      .toArray();
    const hidden = [callerId, ...blockers.map(({ ownerId }) => ownerId)];

    const isFirstPage = after === undefined;
    const namesake = isFirstPage ? await o.people.byUsername(prefix, authorization) : null;
    const exact = namesake && !hidden.includes(namesake._id) ? [namesake] : [];
    const room = limit - exact.length;
    const others = await o.profiles
      .find({
        searchPrefixes: prefix,
        username: { $gt: after ?? '', $ne: prefix },
        _id: { $nin: hidden },
      })
      .sort({ username: 1 })
      .limit(room + 1)
      .toArray();
    const page = others.slice(0, room);
    return {
      profiles: [...exact, ...page],
      last: others.length > room ? (page.at(-1)?.username ?? '') : null,
    };
  };
}
