import type { ChatId } from '@parley/domain';
import { lastOf, type Run } from '../chat/runs.ts';
import type { LedgerProblem } from './check.ts';
import { contradicts } from './ledger.ts';

/** The end of a chat as this device had it, verified: whatever a server shows later must contain it. */
export type Proof = { readonly seq: number; readonly hash: string };

/** Where a device remembers proofs from one session to the next. Several clients of one person may share it, as the tabs of a browser do. */
export type ProofKeeper = {
  /** All of this person's. */
  all(): Promise<ReadonlyMap<ChatId, Proof>>;
  /** Keeps it, unless one further on is kept already. */
  keep(chatId: ChatId, proof: Proof): Promise<void>;
  close(): void;
};

/** The one further on. */
export const furtherOf = (held: Proof | undefined, next: Proof): Proof =>
  held !== undefined && held.seq >= next.seq ? held : next;

/** A keeper in memory. Given to the next client, it stands for what a disk kept. */
export function createMemoryProofs(): ProofKeeper {
  const proofs = new Map<ChatId, Proof>();
  return {
    all: () => Promise.resolve(new Map(proofs)),
    keep: async (chatId, proof) => void proofs.set(chatId, furtherOf(proofs.get(chatId), proof)),
    close: () => undefined,
  };
}

/**
 * Where what is held now, or the newest page that was just read, is not a continuation of what was verified before: another message stands there, or none.
 * The page must have been asked for after the proof was made.
 */
export function contradictionsOf(
  proof: Proof,
  held: { messages: Run; window: Run | null },
  heard: { type: string; at?: string; messages?: Run },
): LedgerProblem[] {
  const { seq, hash } = proof;
  if (contradicts(held.messages, seq, hash) || contradicts(held.window ?? [], seq, hash))
    return [{ kind: 'changed', seq }];
  const isEnd = heard.type === 'page' && heard.at === 'newest';
  return isEnd && lastOf(heard.messages ?? []) < seq ? [{ kind: 'missing', seq }] : [];
}
