import type { Head } from '@parley/contracts';
import type { StoredMessage } from '../../database.ts';

/** A head and the messages beside it are several reads: the head must not be behind what the messages show. */
export function atLeast(head: Head, messages: StoredMessage[]): Head {
  return messages.reduce<Head>(
    ({ seq, rev, hash }, message) => ({
      ...(message.seq > seq ? { seq: message.seq, hash: message.hash } : { seq, hash }),
      rev: Math.max(rev, message.rev),
    }),
    head,
  );
}
