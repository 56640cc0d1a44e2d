import type { UserId } from '@parley/domain';

/** `otherId` is in the contact list of `ownerId`. */
export type ContactDocument = { _id: string; ownerId: UserId; otherId: UserId; at: Date };
