import type { CommandOutput } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';
import type { Ask } from '../../ports.ts';

type Marks = CommandOutput<'chat.markSeen'>;

/** Reports that everything up to `seq` was delivered to, or seen by, the caller. */
export type ReportReceipt = (callerId: UserId, chatId: ChatId, seq: number) => Promise<Marks>;

type Next = { seq: number; answer: Promise<Marks> };

/**
 * Receipts are watermarks, so of those that come while one is under way, by the same person in the same chat, only the furthest is
 * worth asking for; it answers the others too.
 */
export function createReceiptMerger(ask: Ask, command: 'chat.markDelivered' | 'chat.markSeen'): ReportReceipt {
  const running = new Map<string, Promise<Marks>>();
  const waiting = new Map<string, Next>();

  const run = (key: string, callerId: UserId, chatId: ChatId, seq: number): Promise<Marks> => {
    const answer = ask(command, { callerId, chatId, seq }).finally(() => running.delete(key));
    running.set(key, answer);
    return answer;
  };

  return (callerId, chatId, seq) => {
    const key = `${callerId}:${chatId}`;
    const before = running.get(key);
    if (!before) return run(key, callerId, chatId, seq);
    const next = waiting.get(key);
    if (next) {
      next.seq = Math.max(next.seq, seq);
      return next.answer;
    }
    const turn = (): Promise<Marks> => {
      waiting.delete(key);
      return run(key, callerId, chatId, mine.seq);
    };
    const mine: Next = { seq, answer: before.then(turn, turn) };
    waiting.set(key, mine);
    return mine.answer;
  };
}
