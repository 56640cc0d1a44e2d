import type { BrokerEventOf } from '@parley/contracts';
import type { UserPresenter } from './present-user.ts';
import type { ProfileDocument } from './profile-document.ts';

/** The event that tells of the profile's newest version; its `avatarUrl` is signed as it is published. */
export async function userUpdatedEvent(
  profile: ProfileDocument,
  present: Pick<UserPresenter, 'publicUser'>,
): Promise<BrokerEventOf<'user.updated'>> {
  const { _id, privacy, updatedAt, version, outbox } = profile;
  const { id: userId, ...shown } = await present.publicUser(profile);
  return {
    id: `user.updated:${_id}:${version}`,
    type: 'user.updated',
    version: 1,
    at: updatedAt.toISOString(),
    payload: {
      userId,
      ...shown,
      privacy,
      privacyChanged: outbox?.privacyChanged ?? false,
    },
  };
}
