import { newChatId, newUserId } from '@parley/testing';
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../ports.ts';
import { createReceiptMerger } from './merge-receipts.ts';

const [ada, bob, chatId, otherChat] = [newUserId(), newUserId(), newChatId(), newChatId()];

/** A service that answers when it is told to. */
function slowService() {
  const asked: number[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = ((_name: string, { seq }: { seq: number }) => {
    asked.push(seq);
    return new Promise((resolve, reject) => {
      ends.push((error) => (error ? reject(error) : resolve({ marks: { upTo: seq } })));
    });
  }) as unknown as Ask;
  return { ask, asked, end: (at: number, error?: Error) => ends[at]?.(error) };
}

describe('receipts of one person in one chat', () => {
  it('that come while one is under way are asked for as the furthest of them', async () => {
    const service = slowService();
    const report = createReceiptMerger(service.ask, 'chat.markSeen');
    const first = report(ada, chatId, 1);
    const rest = [report(ada, chatId, 2), report(ada, chatId, 5), report(ada, chatId, 3)];
    expect(service.asked).toEqual([1]);
    service.end(0);
    await expect(first).resolves.toEqual({ marks: { upTo: 1 } });
    await new Promise(setImmediate);
    expect(service.asked).toEqual([1, 5]);
    service.end(1);
    for (const answer of rest) await expect(answer).resolves.toEqual({ marks: { upTo: 5 } });
    void report(ada, chatId, 6);
    expect(service.asked).toEqual([1, 5, 6]);
  });

  it('go on after one that failed, which fails alone', async () => {
    const service = slowService();
    const report = createReceiptMerger(service.ask, 'chat.markDelivered');
    const first = report(ada, chatId, 1);
    const second = report(ada, chatId, 2);
    service.end(0, new Error('away'));
    await expect(first).rejects.toThrow('away');
    await new Promise(setImmediate);
    service.end(1);
    await expect(second).resolves.toEqual({ marks: { upTo: 2 } });
  });

  it('do not wait for those of others or of other chats', () => {
    const service = slowService();
    const report = createReceiptMerger(service.ask, 'chat.markSeen');
    void report(ada, chatId, 1);
    void report(bob, chatId, 2);
    void report(ada, otherChat, 3);
    expect(service.asked).toEqual([1, 2, 3]);
  });
});
