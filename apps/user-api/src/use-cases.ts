import type { PresenceById } from '@parley/contracts';
import type { Clock, Logger } from '@parley/service-kit';
import type { UserDatabase } from './database.ts';
import { createExchangeAvatar } from './features/avatars/exchange-avatar.ts';
import type { UploadClaims } from './features/avatars/upload-claims.ts';
import type { BlockDocument } from './features/blocks/block-document.ts';
import { createBlocks, type Blocks } from './features/blocks/blocks.ts';
import { createContacts, type Contacts } from './features/contacts/contacts.ts';
import { createSeePresence, type SeePresence } from './features/presence/see-presence.ts';
import { createPatchMe, type PatchMe } from './features/profiles/patch-me.ts';
import { createPeople, type People } from './features/profiles/people.ts';
import type { UserPresenter } from './features/profiles/present-user.ts';
import type { ProfileDocument } from './features/profiles/profile-document.ts';
import type { RegisteredUsers } from './features/profiles/registered-users.ts';
import { createSearchUsers, type SearchUsers } from './features/search/search-users.ts';

export type UseCases = {
  people: People;
  patchMe: PatchMe;
  searchUsers: SearchUsers;
  contacts: Contacts;
  blocks: Blocks;
  seePresence: SeePresence;
  /** How profiles go out, whichever way. */
  present: UserPresenter;
};

/** What user-api does, with the world outside as functions. */
export function createUseCases(o: {
  database: UserDatabase;
  registered: RegisteredUsers;
  uploads: UploadClaims;
  present: UserPresenter;
  /** Who is online; it may reject. */
  online(userIds: string[]): Promise<PresenceById>;
  announceProfile(profile: ProfileDocument): void;
  announceBlock(block: BlockDocument): void;
  logger: Logger;
  clock?: Clock;
}): UseCases {
  const { database, logger, clock = () => new Date() } = o;
  const people = createPeople({ profiles: database.profiles, registered: o.registered, logger });
  return {
    people,
    patchMe: createPatchMe({
      profiles: database.profiles,
      people,
      exchangeAvatar: createExchangeAvatar(o.uploads),
      announce: o.announceProfile,
      clock,
    }),
    searchUsers: createSearchUsers({ profiles: database.profiles, blocks: database.blocks, people }),
    contacts: createContacts({ contacts: database.contacts, clock }),
    blocks: createBlocks({ blocks: database.blocks, announce: o.announceBlock, clock }),
    seePresence: createSeePresence({ database, online: o.online, logger }),
    present: o.present,
  };
}
