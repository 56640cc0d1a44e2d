import type { UserId } from '@parley/domain';
import type { OutboxState } from '@parley/mongo';

/** `ownerId` blocked `otherId`. A block that was lifted stays as a tombstone, so that its event gets out too. */
export type BlockDocument = {
  _id: string;
  ownerId: UserId;
  otherId: UserId;
  at: Date;
  /** Null while the block stands. */
  removedAt: Date | null;
  /** Counts blocking and unblocking. */
  version: number;
  outbox?: OutboxState;
};
