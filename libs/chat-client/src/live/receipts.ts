import type { MarksById } from '@parley/contracts';
import { mergeWatermarks, NO_WATERMARKS, type ChatId, type Watermarks } from '@parley/domain';
import { ApiError, isTransient } from '../http/errors.ts';
import type { Runtime } from '../ports.ts';
import { fullJitter } from '../send/backoff.ts';

export type ReceiptKind = 'delivered' | 'seen';

export type ReceiptPorts = {
  send(kind: ReceiptKind, body: { chatId: ChatId; seq: number }): Promise<MarksById>;
  onMarks(chatId: ChatId, marks: MarksById): void;
  runtime: Runtime;
};

/** Reports what this device has got and shown. Reports are cumulative, so many messages make one report. */
export type Receipts = { report(kind: ReceiptKind, chatId: ChatId, seq: number): void; stop(): void };

const COALESCE_MS = 150;
const BACKOFF = { baseMs: 1_000, maxMs: 15_000 };

export function createReceipts(ports: ReceiptPorts): Receipts {
  const wanted = new Map<ChatId, Watermarks>();
  /** What the server has answered for: it isn't asked again, even where it clamped it. */
  const confirmed = new Map<ChatId, Watermarks>();
  const running = new Set<ChatId>();
  const { clock, random, log } = ports.runtime;
  let stopped = false;

  const schedule = (chatId: ChatId, attempt: number, delayMs: number) => {
    clock.schedule(() => {
      flush(chatId, attempt).catch((error: unknown) => log.error('a receipt was lost', error));
    }, delayMs);
  };

  async function flush(chatId: ChatId, attempt: number): Promise<void> {
    const next = nextReport(wanted.get(chatId) ?? NO_WATERMARKS, confirmed.get(chatId) ?? NO_WATERMARKS);
    if (next === undefined || stopped) {
      running.delete(chatId);
      return;
    }
    try {
      ports.onMarks(chatId, await ports.send(next.kind, { chatId, seq: next.seq }));
      confirmed.set(chatId, mergeWatermarks(confirmed.get(chatId) ?? NO_WATERMARKS, marksAfter(next)));
      schedule(chatId, 1, COALESCE_MS);
    } catch (error) {
      if (error instanceof ApiError && !isTransient(error)) wanted.delete(chatId);
      schedule(chatId, attempt + 1, COALESCE_MS + fullJitter(attempt, { ...BACKOFF, random }));
    }
  }

  return {
    report: (kind, chatId, seq) => {
      const held = wanted.get(chatId) ?? NO_WATERMARKS;
      wanted.set(chatId, { ...held, [kind]: Math.max(held[kind], seq) });
      if (running.has(chatId)) return;
      running.add(chatId);
      schedule(chatId, 1, COALESCE_MS);
    },
    stop: () => {
      stopped = true;
    },
  };
}

type Report = { kind: ReceiptKind; seq: number };

/** What was seen was delivered: one report where both rose. */
function nextReport(wanted: Watermarks, confirmed: Watermarks): Report | undefined {
  if (wanted.seen > confirmed.seen) return { kind: 'seen', seq: wanted.seen };
  return wanted.delivered > confirmed.delivered ? { kind: 'delivered', seq: wanted.delivered } : undefined;
}

const marksAfter = ({ kind, seq }: Report): Watermarks =>
  kind === 'seen' ? { delivered: seq, seen: seq } : { delivered: seq, seen: 0 };
