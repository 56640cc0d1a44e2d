import type { BrokerEventOf } from '@parley/contracts';
import type { BlockDocument } from './block-document.ts';

/** The event that tells how the block stands now. */
export function blockEvent(block: BlockDocument): BrokerEventOf<'user.blocked' | 'user.unblocked'> {
  const type = block.removedAt ? 'user.unblocked' : 'user.blocked';
  return {
    id: `${type}:${block._id}:${block.version}`,
    type,
    version: 1,
    at: (block.removedAt ?? block.at).toISOString(),
    payload: { userId: block.ownerId, blockedUserId: block.otherId },
  };
}
