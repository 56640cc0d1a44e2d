import type { ChatId } from '@parley/domain';
import { listMessages } from '../calls/chats.ts';
import type { ChatState } from '../chat/chat-state.ts';
import type { ClientStore } from '../chat/client-state.ts';
import { firstSeqOf } from '../chat/timeline.ts';
import type { Exchange } from '../http/exchange.ts';
import type { LedgerProblem } from '../ledger/check.ts';
import type { Proof, ProofKeeper } from '../ledger/proofs.ts';
import type { Runtime } from '../ports.ts';

/** What this device had verified before this session began, and what it verifies now, for the next one. */
export type RememberedProofs = {
  /** Settles once what is remembered has been read, or can't be. No history is asked for before: what is remembered must be older than any answer. */
  ready: Promise<void>;
  /** As it was when this session began. */
  proofOf(chatId: ChatId): Proof | undefined;
  stop(): void;
};

/** Many messages may come at once: one write for all of them. */
const KEEP_MS = 500;

/**
 * Reads what was verified in earlier sessions, and keeps what is verified in this one: the end of every history that is held, unless something is wrong with it.
 * Where a history begins after what is remembered, that one message is fetched and compared, so that no other past can be put below what is shown.
 */
export function rememberProofs(o: {
  keeper: ProofKeeper;
  store: ClientStore;
  exchange: Exchange;
  runtime: Runtime;
  onProblem(chatId: ChatId, problem: LedgerProblem): void;
}): RememberedProofs {
  const { clock, log } = o.runtime;
  /** To be written soon. */
  const pending = new Map<ChatId, Proof>();
  const compared = new Map<ChatId, 'running' | 'done'>();
  let remembered: ReadonlyMap<ChatId, Proof> = new Map();
  let cancel: (() => void) | undefined;

  const flush = (): void => {
    cancel = undefined;
    for (const [chatId, proof] of pending) {
      o.keeper.keep(chatId, proof).catch((error: unknown) => log.info('a proof was not kept', error));
    }
    pending.clear();
  };

  function consider(chat: ChatState | undefined): void {
    const last = chat?.timeline.messages.at(-1);
    if (chat === undefined || last === undefined || !isAnchored(chat) || chat.ledger.problems.length > 0) return;
    pending.set(chat.id, { seq: last.seq, hash: last.hash });
    cancel ??= clock.schedule(flush, KEEP_MS);
  }

  /** Whether what is held contains what was remembered; where it begins later, that has to be asked. */
  function isAnchored({ id, timeline }: ChatState): boolean {
    const proof = remembered.get(id);
    if (proof === undefined || firstSeqOf(timeline) <= proof.seq) return true;
    if (!compared.has(id)) void compare(id, proof);
    return compared.get(id) === 'done';
  }

  async function compare(chatId: ChatId, { seq, hash }: Proof): Promise<void> {
    compared.set(chatId, 'running');
    try {
      const { messages } = await listMessages(o.exchange, chatId, { after: seq - 1, limit: 1 });
      compared.set(chatId, 'done');
      const [found] = messages;
      if (found?.seq !== seq) o.onProblem(chatId, { kind: 'missing', seq });
      else if (found.hash !== hash) o.onProblem(chatId, { kind: 'changed', seq });
      consider(o.store.getState().chats[chatId]);
    } catch (error) {
      compared.delete(chatId);
      log.info('what is remembered could not be compared yet', error);
    }
  }

  const unsubscribe = o.store.subscribe((state, before) => {
    if (state.chats === before.chats) return;
    for (const chat of Object.values(state.chats)) {
      if (before.chats[chat.id]?.timeline.messages !== chat.timeline.messages) consider(chat);
    }
  });

  const ready = o.keeper.all().then(
    (proofs) => void (remembered = proofs),
    (error: unknown) => log.info('what was verified before is not remembered', error),
  );
  return {
    ready,
    proofOf: (chatId) => remembered.get(chatId),
    stop: () => {
      unsubscribe();
      cancel?.();
      flush();
      o.keeper.close();
    },
  };
}
