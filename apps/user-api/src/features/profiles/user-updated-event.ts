import type { BrokerEventOf } from '@parley/contracts';
import type { ProfileDocument } from './profile-document.ts';

/** The event that tells of the profile's newest version. */
export function userUpdatedEvent(profile: ProfileDocument): BrokerEventOf<'user.updated'> {
  const { _id, username, displayName, bio, avatarUrl, privacy, updatedAt, version, outbox } = profile;
  return {
    id: `user.updated:${_id}:${version}`,
    type: 'user.updated',
    version: 1,
    at: updatedAt.toISOString(),
    payload: {
      userId: _id,
      username,
      displayName,
      bio,
      avatarUrl,
      privacy,
      privacyChanged: outbox?.privacyChanged ?? false,
    },
  };
}
