// @vitest-environment node
import type { ChatId } from '@parley/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHAT, uuid } from '../chat/fixtures.fixture.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import { systemRuntime } from '../ports.ts';
import { createReceipts } from './receipts.ts';

function setUp(failures: Error[] = []) {
  const sent: string[] = [];
  const receipts = createReceipts({
    send: (kind, { chatId, seq }) => {
      sent.push(`${kind} ${chatId === CHAT ? 'a' : 'b'} ${seq}`);
      const failure = failures.shift();
      return failure === undefined ? Promise.resolve({}) : Promise.reject(failure);
    },
    onMarks: () => undefined,
    runtime: { ...systemRuntime, random: () => 1 },
  });
  return { receipts, sent };
}

describe('receipts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('makes one report of many, of the furthest', async () => {
    const { receipts, sent } = setUp();
    for (const seq of [1, 2, 5, 3]) receipts.report('delivered', CHAT, seq);
    receipts.report('delivered', uuid(8) as ChatId, 1);
    await vi.runAllTimersAsync();
    expect(sent).toEqual(['delivered a 5', 'delivered b 1']);
  });

  it('reports seen alone where delivered would say no more', async () => {
    const { receipts, sent } = setUp();
    receipts.report('delivered', CHAT, 4);
    receipts.report('seen', CHAT, 4);
    await vi.runAllTimersAsync();
    expect(sent).toEqual(['seen a 4']);
  });

  it('repeats nothing that was answered, and goes on with what came meanwhile', async () => {
    const { receipts, sent } = setUp();
    receipts.report('seen', CHAT, 4);
    await vi.runAllTimersAsync();
    receipts.report('seen', CHAT, 4);
    receipts.report('delivered', CHAT, 6);
    await vi.runAllTimersAsync();
    expect(sent).toEqual(['seen a 4', 'delivered a 6']);
  });

  it('tries again while nobody answers, and gives up what is refused', async () => {
    const { receipts, sent } = setUp([
      new ConnectionError('away'),
      new ApiError('unavailable', ''),
      new ApiError('chat_not_found', ''),
    ]);
    receipts.report('seen', CHAT, 4);
    await vi.runAllTimersAsync();
    expect(sent).toEqual(['seen a 4', 'seen a 4', 'seen a 4']);
  });
});
