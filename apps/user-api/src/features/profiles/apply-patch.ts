import type { PatchMeBody } from '@parley/contracts';
import { searchPrefixes, type ProfileDocument } from './profile-document.ts';

/** The profile after `patch`, with its outbox entry; null when it says nothing new. */
export function applyPatch(profile: ProfileDocument, patch: PatchMeBody, now: Date): ProfileDocument | null {
  const displayName = patch.displayName ?? profile.displayName;
  const bio = patch.bio ?? profile.bio;
  const privacy = {
    lastSeen: patch.privacy?.lastSeen ?? profile.privacy.lastSeen,
    readReceipts: patch.privacy?.readReceipts ?? profile.privacy.readReceipts,
  };
  const privacyChanged =
    privacy.lastSeen !== profile.privacy.lastSeen || privacy.readReceipts !== profile.privacy.readReceipts;
  if (displayName === profile.displayName && bio === profile.bio && !privacyChanged) return null;

  return {
    ...profile,
    displayName,
    bio,
    privacy,
    searchPrefixes: searchPrefixes({ username: profile.username, displayName }),
    updatedAt: now,
    version: profile.version + 1,
    // An earlier change that wasn't published yet is told by this entry too.
    outbox: { at: now, privacyChanged: privacyChanged || (profile.outbox?.privacyChanged ?? false) },
  };
}
