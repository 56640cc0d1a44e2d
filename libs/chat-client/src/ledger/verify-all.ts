import type { Head, Message } from '@parley/contracts';
import { PAGE_LIMIT_MAX, type ChatId } from '@parley/domain';
import { listMessages } from '../calls/chats.ts';
import type { ClientStore } from '../chat/client-state.ts';
import { messageAt } from '../chat/runs.ts';
import type { Exchange } from '../http/exchange.ts';
import { pause, type Runtime } from '../ports.ts';
import { checkRun, type LedgerProblem } from './check.ts';
import type { Sha256 } from './sha256.ts';

/** What a chat's whole ledger was found to be: sound from 1 to `upTo` where there are no problems. */
export type Verification = { upTo: number; problems: readonly LedgerProblem[] };

/**
 * Reads a chat from its first message to its last and checks every message, every link, and what of it this client holds against what the server gives now.
 * Nothing of it is kept: a long history costs time, not memory.
 * @throws ApiError, ConnectionError; the signal's reason where it is aborted
 */
export async function verifyAll(
  { exchange, store, sha256, runtime }: { exchange: Exchange; store: ClientStore; sha256: Sha256; runtime: Runtime },
  chatId: ChatId,
  onProgress: (upTo: number, head: number) => void,
  signal: AbortSignal,
): Promise<Verification> {
  const problems: LedgerProblem[] = [];
  let last: Message | undefined;
  for (;;) {
    signal.throwIfAborted();
    const page = await listMessages(exchange, chatId, { after: last?.seq ?? 0, limit: PAGE_LIMIT_MAX });
    problems.push(...checkPage(last, page.messages, sha256), ...checkHeld(page.messages));
    last = page.messages.at(-1) ?? last;
    onProgress(last?.seq ?? 0, page.head.seq);
    if (!page.hasMore || page.messages.length === 0)
      return { upTo: last?.seq ?? 0, problems: [...problems, ...checkEnd(last, page.head)] };
    await pause(runtime.clock);
  }

  /** Held and given are one and the same, or the server tells different stories. */
  function checkHeld(given: readonly Message[]): LedgerProblem[] {
    const run = store.getState().chats[chatId]?.timeline.messages ?? [];
    const differs = ({ seq, hash }: Message) => (messageAt(run, seq)?.hash ?? hash) !== hash;
    return given.filter(differs).map(({ seq }) => ({ kind: 'changed', seq }));
  }
}

function checkPage(before: Message | undefined, given: readonly Message[], sha256: Sha256): LedgerProblem[] {
  const start = (before?.seq ?? 0) + 1;
  const hole = given.findIndex((message, index) => message.seq !== start + index);
  const missing: LedgerProblem[] = hole === -1 ? [] : [{ kind: 'missing', seq: start + hole }];
  return before === undefined
    ? [...missing, ...checkRun([], given, sha256)]
    : [...missing, ...checkRun([before], [before, ...given], sha256)];
}

/** The chain ends in the hash that the server names as the chat's. */
function checkEnd(last: Message | undefined, head: Head): LedgerProblem[] {
  if (last === undefined) return head.seq === 0 ? [] : [{ kind: 'missing', seq: 1 }];
  if (last.seq < head.seq) return [{ kind: 'missing', seq: last.seq + 1 }];
  return last.seq === head.seq && last.hash !== head.hash ? [{ kind: 'head', seq: head.seq }] : [];
}
