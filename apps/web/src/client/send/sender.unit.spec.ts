// @vitest-environment node
import type { Message } from '@parley/contracts';
import type { ClientMessageId } from '@parley/domain';
import { describe, expect, it, vi } from 'vitest';
import type { Outgoing } from '../chat/client-state.ts';
import { CHAT, messageOf, uuid } from '../chat/fixtures.fixture.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import { createSender } from './sender.ts';

const entry = (n: number): Outgoing => ({
  clientMessageId: uuid(n) as ClientMessageId,
  chatId: CHAT,
  text: `text ${n}`,
  createdAt: n,
  status: 'pending',
});

/** A sender whose every try ends as the next of `outcomes` says; once they are used up, tries succeed. */
function setUp(outcomes: (Error | 'stored')[]) {
  const tries: string[] = [];
  const stored: string[] = [];
  const refused: string[] = [];
  let running = 0;
  let most = 0;
  const sender = createSender({
    send: async ({ text }): Promise<Message> => {
      tries.push(text);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
      const outcome = outcomes.shift() ?? 'stored';
      if (outcome !== 'stored') throw outcome;
      return messageOf(tries.length);
    },
    onStored: ({ text }) => stored.push(text),
    onRefused: ({ text }) => refused.push(text),
    random: () => 0,
  });
  return { sender, tries, stored, refused, most: () => most };
}

describe('sender', () => {
  it('sends in order, one at a time, and repeats what failed on its way', async () => {
    const away = [new ConnectionError('away'), new ApiError('unavailable', ''), new ApiError('rate_limited', '')];
    const { sender, tries, stored, most } = setUp(away);
    for (const n of [1, 2, 3]) sender.enqueue(entry(n));
    await vi.waitFor(() => expect(stored).toHaveLength(3));
    expect(stored).toEqual(['text 1', 'text 2', 'text 3']);
    expect(tries).toEqual(['text 1', 'text 1', 'text 1', 'text 1', 'text 2', 'text 3']);
    expect(most()).toBe(1);
  });

  it('hands back what is refused, and goes on with the next', async () => {
    const { sender, tries, stored, refused } = setUp([new ApiError('blocked', '')]);
    for (const n of [1, 2]) sender.enqueue(entry(n));
    await vi.waitFor(() => expect(stored).toEqual(['text 2']));
    expect(refused).toEqual(['text 1']);
    expect(tries).toEqual(['text 1', 'text 2']);
  });

  it('waits as long as the server asks, unless it is woken', async () => {
    const { sender, tries, stored } = setUp([new ApiError('rate_limited', '', { retryAfterMs: 60_000 })]);
    sender.enqueue(entry(1));
    await vi.waitFor(() => expect(tries).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stored).toEqual([]);
    sender.wake();
    await vi.waitFor(() => expect(stored).toEqual(['text 1']));
  });

  it('takes the same message only once, and sends nothing after it is stopped', async () => {
    const { sender, tries, stored } = setUp([]);
    sender.enqueue(entry(1));
    sender.enqueue(entry(1));
    await vi.waitFor(() => expect(stored).toHaveLength(1));
    sender.stop();
    sender.enqueue(entry(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tries).toEqual(['text 1']);
  });
});
