import type { OwnUser, PublicUser } from '@parley/contracts';
import type { ProfileDocument } from './profile-document.ts';

/** What everybody may know. Field by field: a new field of the document stays private until somebody decides otherwise. */
export function presentPublicUser(profile: ProfileDocument): PublicUser {
  const { _id, username, displayName, bio, avatarUrl } = profile;
  return { id: _id, username, displayName, bio, avatarUrl };
}

export function presentOwnUser(profile: ProfileDocument): OwnUser {
  const { lastSeen, readReceipts } = profile.privacy;
  return {
    ...presentPublicUser(profile),
    privacy: { lastSeen, readReceipts },
    createdAt: profile.createdAt.toISOString(),
    updatedAt: profile.updatedAt.toISOString(),
  };
}
