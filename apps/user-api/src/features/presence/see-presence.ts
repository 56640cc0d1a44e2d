import type { PresenceById } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import type { Logger } from '@parley/service-kit';
import type { UserDatabase } from '../../database.ts';
import { DEFAULT_PRIVACY } from '../profiles/profile-document.ts';
import { relationId } from '../relation-id.ts';
import { maySeePresence } from './may-see-presence.ts';

const UNKNOWN = { online: false, lastSeenAt: null };

/** Presence of those whose privacy lets the caller see it; the others are left out. Nobody is online while Redis is away. */
export type SeePresence = (callerId: UserId, userIds: readonly UserId[]) => Promise<PresenceById>;

export function createSeePresence(o: {
  database: UserDatabase;
  online(userIds: string[]): Promise<PresenceById>;
  logger: Logger;
}): SeePresence {
  const { profiles, contacts, blocks } = o.database;

  const visible = async (callerId: UserId, userIds: readonly UserId[]): Promise<UserId[]> => {
    const theirs = userIds.map((id) => relationId(id, callerId));
    const eitherWay = [...theirs, ...userIds.map((id) => relationId(callerId, id))];
    const onlyId = { projection: { _id: 1 as const } };
    const [privacies, theirContacts, blocked] = await Promise.all([
      profiles.find({ _id: { $in: [...userIds] } }, { projection: { privacy: 1 } }).toArray(),
      contacts.find({ _id: { $in: theirs } }, onlyId).toArray(),
      blocks.find({ _id: { $in: eitherWay }, removedAt: null }, onlyId).toArray(),
    ]);
    const audiences = new Map(privacies.map(({ _id, privacy }) => [_id, privacy.lastSeen]));
    const contactIds = new Set(theirContacts.map(({ _id }) => _id));
    const blockIds = new Set(blocked.map(({ _id }) => _id));
    return userIds.filter((id) =>
      maySeePresence({
        isSelf: id === callerId,
        isBlocked: blockIds.has(relationId(id, callerId)) || blockIds.has(relationId(callerId, id)),
        // Who has no profile here yet registered a moment ago, and has changed nothing.
        audience: audiences.get(id) ?? DEFAULT_PRIVACY.lastSeen,
        isTheirContact: contactIds.has(relationId(id, callerId)),
      }),
    );
  };

  return async (callerId, userIds) => {
    const ids = await visible(callerId, userIds);
    try {
      return await o.online(ids);
    } catch (error) {
      o.logger.debug({ err: error }, 'presence not known');
      return Object.fromEntries(ids.map((id) => [id, UNKNOWN]));
    }
  };
}
