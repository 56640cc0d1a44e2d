import type { Avatar, PatchMeBody } from '@parley/contracts';
import { searchPrefixes, type ProfileDocument } from './profile-document.ts';

/** What changes; `avatar` stands for the upload that the body named. Undefined: stays as it is. */
export type ProfilePatch = Omit<PatchMeBody, 'avatarUploadId'> & { avatar?: Avatar | null | undefined };

/** The profile after `patch`, with its outbox entry; null when it says nothing new. */
export function applyPatch(profile: ProfileDocument, patch: ProfilePatch, now: Date): ProfileDocument | null {
  const displayName = patch.displayName ?? profile.displayName;
  const bio = patch.bio ?? profile.bio;
  const before = profile.avatar ?? null;
  const avatar = patch.avatar === undefined ? before : patch.avatar;
  const privacy = {
    lastSeen: patch.privacy?.lastSeen ?? profile.privacy.lastSeen,
    readReceipts: patch.privacy?.readReceipts ?? profile.privacy.readReceipts,
  };
  const privacyChanged =
    privacy.lastSeen !== profile.privacy.lastSeen || privacy.readReceipts !== profile.privacy.readReceipts;
  const isShownChanged =
    displayName !== profile.displayName || bio !== profile.bio || avatar?.uploadId !== before?.uploadId;
  if (!isShownChanged && !privacyChanged) return null;
  return {
    ...profile,
    displayName,
    bio,
    avatar,
    privacy,
    searchPrefixes: searchPrefixes({ username: profile.username, displayName }),
    updatedAt: now,
    version: profile.version + 1,
    // An earlier change that wasn't published yet is told by this entry too.
    outbox: { at: now, privacyChanged: privacyChanged || (profile.outbox?.privacyChanged ?? false) },
  };
}
