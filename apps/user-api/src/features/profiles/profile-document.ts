import type { Privacy, RegisteredUser } from '@parley/contracts';
import { searchKeys, type UserId } from '@parley/domain';
import type { OutboxState } from '@parley/mongo';

/** A person, as user-api stores them. */
export type ProfileDocument = {
  _id: UserId;
  username: string;
  displayName: string;
  bio: string;
  avatarUrl: string | null;
  /** Normalised copies of what people are found by. */
  searchKeys: string[];
  privacy: Privacy;
  createdAt: Date;
  updatedAt: Date;
  /** Counts the changes. An update matches the version it read, so none is lost. */
  version: number;
  outbox?: OutboxState & { privacyChanged: boolean };
};

export const DEFAULT_PRIVACY: Privacy = { lastSeen: 'everyone', readReceipts: true };

/** The profile of somebody who just registered. */
export function newProfile({ id, username, displayName, createdAt }: RegisteredUser): ProfileDocument {
  return {
    _id: id,
    username,
    displayName,
    bio: '',
    avatarUrl: null,
    searchKeys: searchKeys({ username, displayName }),
    privacy: DEFAULT_PRIVACY,
    createdAt: new Date(createdAt),
    updatedAt: new Date(createdAt),
    version: 1,
  };
}
