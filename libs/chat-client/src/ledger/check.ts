import type { Message } from '@parley/contracts';
import { bodyPreimage, GENESIS_HASH, ledgerPreimage } from '@parley/domain';
import type { Run } from '../chat/runs.ts';
import type { Sha256 } from './sha256.ts';

/**
 * A place where the ledger doesn't hold. `body`: the text is not the one that was sent, though it was never edited. `hash`: a message's hash is not of what it
 * says of itself. `link`: it doesn't follow on the one before. `changed`: it is not the message that stood there before. `head`: the server named another hash
 * for the end of the chat. `receipt`: the other side acknowledged another message than the one held. `missing`: there is none at this seq.
 */
export type LedgerProblem = {
  readonly kind: 'body' | 'hash' | 'link' | 'changed' | 'head' | 'receipt' | 'missing';
  readonly seq: number;
};

/** What of the ledger doesn't hold within one message. */
export function checkMessage(message: Message, sha256: Sha256): LedgerProblem[] {
  const problems: LedgerProblem[] = [];
  const isAsSent = message.editedAt === null && message.deletedAt === null;
  if (isAsSent && sha256(bodyPreimage(bodyOf(message))) !== message.bodyHash) {
    problems.push({ kind: 'body', seq: message.seq });
  }
  if (sha256(ledgerPreimage(message)) !== message.hash) problems.push({ kind: 'hash', seq: message.seq });
  if (message.seq === 1 && message.prevHash !== GENESIS_HASH) problems.push({ kind: 'link', seq: 1 });
  return problems;
}

const bodyOf = ({ text, image, replyToSeq }: Message) => ({
  ...(text === null ? {} : { text }),
  ...(image === null ? {} : { uploadId: image.uploadId }),
  ...(replyToSeq === null ? {} : { replyToSeq }),
});

/** What doesn't hold in `after` that wasn't checked as part of `before` already. */
export function checkRun(before: Run, after: Run, sha256: Sha256): LedgerProblem[] {
  if (before === after) return [];
  const first = before[0]?.seq ?? 0;
  const problems: LedgerProblem[] = [];
  let previous: Message | undefined;
  for (const message of after) {
    const held = before[message.seq - first];
    if (held !== message) {
      problems.push(...checkMessage(message, sha256));
      if (held !== undefined && held.hash !== message.hash) problems.push({ kind: 'changed', seq: message.seq });
    }
    const isLinkKnown = held === message && before[message.seq - first - 1] === previous;
    if (previous !== undefined && !isLinkKnown && message.prevHash !== previous.hash) {
      problems.push({ kind: 'link', seq: message.seq });
    }
    previous = message;
  }
  return problems;
}
