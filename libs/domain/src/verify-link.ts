import { bodyPreimage, ledgerPreimage, type LedgerEntry, type MessageBody } from './ledger.ts';

/** What a link of the ledger is checked by. */
export type LedgerMessage = LedgerEntry & {
  hash: string;
  text: string | null;
  replyToSeq: number | null;
  image?: { uploadId: string } | null;
  editedAt: string | null;
  deletedAt: string | null;
};

/** SHA-256 of the UTF-8 bytes of a text, in lower-case hex. */
export type Sha256 = (text: string) => string | Promise<string>;

/** `prev_hash`: it doesn't follow the one before. `hash`: its place, sender or time was changed. `body`: its content was. */
export type LinkFault = 'prev_hash' | 'hash' | 'body';

/**
 * Checks that a message is the next link of its chat's ledger; null when it is.
 *
 * The ledger covers what was sent first. Of a message that was edited or deleted the content can't be compared any more, so
 * only its link is.
 *
 * @param previousHash the `hash` of the message with the `seq` before; GENESIS_HASH for the first one
 */
export async function verifyLink(
  previousHash: string,
  message: LedgerMessage,
  sha256: Sha256,
): Promise<LinkFault | null> {
  if (message.prevHash !== previousHash) return 'prev_hash';
  if (message.hash !== (await sha256(ledgerPreimage(message)))) return 'hash';
  if (message.editedAt !== null || message.deletedAt !== null) return null;
  return message.bodyHash === (await sha256(bodyPreimage(bodyOf(message)))) ? null : 'body';
}

function bodyOf({ text, replyToSeq, image }: LedgerMessage): MessageBody {
  return { text: text ?? undefined, uploadId: image?.uploadId, replyToSeq: replyToSeq ?? undefined };
}
