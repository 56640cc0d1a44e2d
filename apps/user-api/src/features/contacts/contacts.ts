import type { UserId } from '@parley/domain';
import { DURABLE, isDuplicateKey } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Collection } from 'mongodb';
import { relationId } from '../relation-id.ts';
import type { ContactDocument } from './contact-document.ts';

/** The list goes out whole. */
const LISTED_MAX = 5_000;

export type Contacts = {
  /** Newest first. */
  list(ownerId: UserId): Promise<UserId[]>;
  /** As often as one likes. */
  add(ownerId: UserId, otherId: UserId): Promise<void>;
  remove(ownerId: UserId, otherId: UserId): Promise<void>;
};

export function createContacts(o: { contacts: Collection<ContactDocument>; clock: Clock }): Contacts {
  return {
    list: async (ownerId) => {
      const found = o.contacts.find({ ownerId }, { sort: { at: -1 }, limit: LISTED_MAX });
      return (await found.toArray()).map(({ otherId }) => otherId);
    },
    add: async (ownerId, otherId) => {
      const contact = { _id: relationId(ownerId, otherId), ownerId, otherId, at: o.clock() };
      try {
        await o.contacts.insertOne(contact, { writeConcern: DURABLE });
      } catch (error) {
        // It is there already, which is what was asked for.
        if (!isDuplicateKey(error)) throw error;
      }
    },
    remove: async (ownerId, otherId) => {
      await o.contacts.deleteOne({ _id: relationId(ownerId, otherId) }, { writeConcern: DURABLE });
    },
  };
}
