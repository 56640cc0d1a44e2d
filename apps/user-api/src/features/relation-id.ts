import type { UserId } from '@parley/domain';

/** The id of what one person has to do with another, in this direction: there is one such document at most. */
export function relationId(ownerId: UserId, otherId: UserId): string {
  return `${ownerId}:${otherId}`;
}
