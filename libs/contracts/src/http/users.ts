import { BIO_MAX, SEARCH_QUERY_MAX } from '@parley/domain';
import { z } from 'zod';
import { idList, nextCursor, pageCursor, pageLimit, timestamp, uploadId, userId } from '../primitives.ts';
import { displayName } from './auth.ts';

/** What everybody signed in may know of a person, and nothing else. */
export const publicUser = z.object({
  id: userId,
  username: z.string(),
  displayName: z.string(),
  bio: z.string(),
  /** A square picture for `<img>`: the same for an hour, good for 15 minutes at least; the profile, read again, has a fresh one. */
  avatarUrl: z.string().nullable(),
});
export type PublicUser = z.infer<typeof publicUser>;

export const lastSeenAudience = z.enum(['everyone', 'contacts', 'nobody']);
export type LastSeenAudience = z.infer<typeof lastSeenAudience>;
export const privacy = z.strictObject({ lastSeen: lastSeenAudience, readReceipts: z.boolean() });
export type Privacy = z.infer<typeof privacy>;

/** One's own profile. */
export const ownUser = publicUser.extend({ privacy, createdAt: timestamp, updatedAt: timestamp });
export type OwnUser = z.infer<typeof ownUser>;

export const patchMeBody = z
  .strictObject({
    displayName: displayName.optional(),
    bio: z.string().trim().max(BIO_MAX).optional(),
    /** An upload of one's own that is complete; null takes the picture away. */
    avatarUploadId: uploadId.nullable().optional(),
    privacy: privacy.partial().optional(),
  })
  .refine((patch) => Object.values(patch).some((value) => value !== undefined), 'nothing to change');
export type PatchMeBody = z.infer<typeof patchMeBody>;

export const userParams = z.strictObject({ id: userId });
export const usersQuery = z.strictObject({ ids: idList });
export const searchUsersQuery = z.strictObject({
  q: z.string().trim().min(1).max(SEARCH_QUERY_MAX),
  limit: pageLimit,
  cursor: pageCursor,
});

export const presence = z.object({ online: z.boolean(), lastSeenAt: timestamp.nullable() });
export type Presence = z.infer<typeof presence>;
export const presenceById = z.record(z.string(), presence);
export type PresenceById = Record<string, Presence>;

export const ownUserAnswer = z.object({ user: ownUser });
export const userAnswer = z.object({ user: publicUser });
export const usersAnswer = z.object({ users: z.array(publicUser) });
export const searchUsersAnswer = z.object({ users: z.array(publicUser), nextCursor });
export const contactsAnswer = z.object({ contacts: z.array(publicUser) });
export const blocksAnswer = z.object({ blocks: z.array(publicUser) });
export const presenceAnswer = z.object({ presence: presenceById });
