import type { Reaction } from '@parley/contracts';
import { REACTIONS_PER_MEMBER_MAX, type UserId } from '@parley/domain';

/** A message's reactions with one more: the same ones when it is there already, null when this member has left too many. */
export function addReaction(reactions: Reaction[], emoji: string, userId: UserId): Reaction[] | null {
  const existing = reactions.find((reaction) => reaction.emoji === emoji);
  if (existing?.userIds.includes(userId)) return reactions;
  const own = reactions.filter(({ userIds }) => userIds.includes(userId));
  if (own.length >= REACTIONS_PER_MEMBER_MAX) return null;
  if (!existing) return [...reactions, { emoji, userIds: [userId] }];
  return reactions.map((reaction) =>
    reaction === existing ? { emoji, userIds: [...reaction.userIds, userId] } : reaction,
  );
}

/** A message's reactions without one: the same ones when it isn't there. An emoji that nobody chose is gone. */
export function removeReaction(reactions: Reaction[], emoji: string, userId: UserId): Reaction[] {
  const isThere = reactions.some((reaction) => reaction.emoji === emoji && reaction.userIds.includes(userId));
  if (!isThere) return reactions;
  return reactions
    .map((reaction) =>
      reaction.emoji === emoji ? { emoji, userIds: reaction.userIds.filter((id) => id !== userId) } : reaction,
    )
    .filter(({ userIds }) => userIds.length > 0);
}
