import type { IndexDescription } from 'mongodb';

/** The entry in a document that still has to be told to others. It is written by the very insert or update it tells of. */
export type OutboxState = {
  /** When it was written. */
  at: Date;
  /**
   * Names this entry and no later one of the same document: documents that were written together may share it, and whoever writes a new
   * entry gives it another or none. It lets delivered entries be unset many at once.
   */
  token?: string;
  /** Until when one sweep has taken it to deliver, and which. */
  leaseUntil?: Date;
  leasedBy?: string;
};

export type OutboxDocument = { _id: string; outbox?: OutboxState };

/** The index of the entries still to be delivered: it holds those only, so it is all but empty. */
export function outboxIndex(): IndexDescription {
  return { key: { 'outbox.at': 1 }, name: 'outbox.at_1', partialFilterExpression: { 'outbox.at': { $exists: true } } };
}
