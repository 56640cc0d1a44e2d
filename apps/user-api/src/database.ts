import { outboxIndex } from '@parley/mongo';
import type { Collection, Db } from 'mongodb';
import type { BlockDocument } from './features/blocks/block-document.ts';
import type { ContactDocument } from './features/contacts/contact-document.ts';
import type { ProfileDocument } from './features/profiles/profile-document.ts';

export type UserDatabase = {
  profiles: Collection<ProfileDocument>;
  contacts: Collection<ContactDocument>;
  blocks: Collection<BlockDocument>;
};

export function userDatabase(db: Db): UserDatabase {
  return { profiles: db.collection('profiles'), contacts: db.collection('contacts'), blocks: db.collection('blocks') };
}

export async function ensureIndexes({ profiles, contacts, blocks }: UserDatabase): Promise<void> {
  // `username` is unique in auth-api; a second constraint here could only make a projection fail.
  await profiles.createIndexes([{ key: { searchPrefixes: 1, username: 1 } }, { key: { username: 1 } }, outboxIndex()]);
  await contacts.createIndexes([{ key: { ownerId: 1, at: -1 } }, { key: { otherId: 1 } }]);
  await blocks.createIndexes([
    { key: { ownerId: 1, removedAt: 1, at: -1 } },
    { key: { otherId: 1, removedAt: 1 } },
    outboxIndex(),
  ]);
}
