import type { OwnUser, PublicUser } from '@parley/contracts';
import type { AvatarUrl } from '../avatars/avatar-urls.ts';
import type { ProfileDocument } from './profile-document.ts';

/** Profiles as others read them. Field by field: a new field of the document stays private until somebody decides otherwise. */
export type UserPresenter = {
  publicUser(profile: ProfileDocument): Promise<PublicUser>;
  publicUsers(profiles: readonly ProfileDocument[]): Promise<PublicUser[]>;
  ownUser(profile: ProfileDocument): Promise<OwnUser>;
};

export function createUserPresenter(o: { avatarUrl: AvatarUrl }): UserPresenter {
  /** What everybody may know. */
  const publicUser = async (profile: ProfileDocument): Promise<PublicUser> => {
    const { _id, username, displayName, bio, avatar } = profile;
    return { id: _id, username, displayName, bio, avatarUrl: await o.avatarUrl(avatar ?? null) };
  };
  return {
    publicUser,
    publicUsers: (profiles) => Promise.all(profiles.map(publicUser)),
    ownUser: async (profile) => {
      const { lastSeen, readReceipts } = profile.privacy;
      return {
        ...(await publicUser(profile)),
        privacy: { lastSeen, readReceipts },
        createdAt: profile.createdAt.toISOString(),
        updatedAt: profile.updatedAt.toISOString(),
      };
    },
  };
}
