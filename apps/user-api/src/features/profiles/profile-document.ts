import type { Avatar, Privacy, RegisteredUser } from '@parley/contracts';
import { searchKeys, type UserId } from '@parley/domain';
import type { OutboxState } from '@parley/mongo';

/** A person, as user-api stores them. */
export type ProfileDocument = {
  _id: UserId;
  username: string;
  displayName: string;
  bio: string;
  /** The upload they show, and where its picture lies in the bucket; chat-api keeps it for as long as it stands here. */
  avatar?: Avatar | null;
  /** Every beginning of what people are found by, normalised: a search is one stretch of an index, in the order of usernames. */
  searchPrefixes: string[];
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
    avatar: null,
    searchPrefixes: searchPrefixes({ username, displayName }),
    privacy: DEFAULT_PRIVACY,
    createdAt: new Date(createdAt),
    updatedAt: new Date(createdAt),
    version: 1,
  };
}

/** The beginnings of the username, of the display name and of its every word. */
export function searchPrefixes(person: { username: string; displayName: string }): string[] {
  const prefixes = searchKeys(person).flatMap((key) => {
    const characters = [...key];
    return characters.map((_, i) => characters.slice(0, i + 1).join(''));
  });
  return [...new Set(prefixes)];
}
