import type { Message } from '@parley/contracts';
import type { ClientMessageId } from '@parley/domain';
import { describe, expect, it, vi } from 'vitest';
import { CHAT, messageOf, uuid } from '../chat/fixtures.fixture.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import { systemRuntime } from '../ports.ts';
import { createMemoryOutbox, type Outbox, type Outgoing } from './outbox.ts';
import { createSender } from './sender.ts';

const entry = (n: number): Outgoing => ({
  clientMessageId: uuid(n) as ClientMessageId,
  chatId: CHAT,
  text: `text ${n}`,
  createdAt: n,
  status: 'pending',
});

/** A lock as the tabs of a browser have it: one holder at a time, the others in line. */
function withLock(outbox: Outbox): Outbox {
  let last: Promise<unknown> = Promise.resolve();
  return {
    ...outbox,
    exclusive: (_chatId, run) => {
      const mine = last.then(run);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** Tabs that share an outbox and a server, whose every try ends as the next of `outcomes` says; once they are used up, tries succeed. */
async function setUp(o: { entries: number; tabs?: number; outcomes?: (Error | 'stored')[] }) {
  const outbox = withLock(createMemoryOutbox());
  for (let n = 1; n <= o.entries; n += 1) await outbox.put(entry(n));
  const outcomes = o.outcomes ?? [];
  const tries: string[] = [];
  const stored: string[] = [];
  const refused: string[] = [];
  let running = 0;
  let most = 0;
  const open = () =>
    createSender({
      outbox,
      runtime: { ...systemRuntime, random: () => 0 },
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
      onRefused: ({ text, code }) => refused.push(`${text}: ${code}`),
      onUploadGone: () => undefined,
    });
  const tabs = Array.from({ length: o.tabs ?? 1 }, open);
  for (const tab of tabs) tab.send(CHAT);
  return { outbox, tabs, tries, stored, refused, most: () => most };
}

describe('sender', () => {
  it('sends in order, one at a time, and repeats what failed on its way', async () => {
    const outcomes = [new ConnectionError('away'), new ApiError('unavailable', ''), new ApiError('rate_limited', '')];
    const { tries, stored, most, outbox } = await setUp({ entries: 3, outcomes });
    await vi.waitFor(() => expect(stored).toHaveLength(3));
    expect(stored).toEqual(['text 1', 'text 2', 'text 3']);
    expect(tries).toEqual(['text 1', 'text 1', 'text 1', 'text 1', 'text 2', 'text 3']);
    expect(most()).toBe(1);
    await vi.waitFor(async () => expect(await outbox.all()).toEqual([]));
  });

  it('keeps what is refused, and goes on with the next', async () => {
    const { outbox, tries, stored, refused } = await setUp({ entries: 2, outcomes: [new ApiError('blocked', '')] });
    await vi.waitFor(() => expect(stored).toEqual(['text 2']));
    expect(refused).toEqual(['text 1: blocked']);
    expect(tries).toEqual(['text 1', 'text 2']);
    expect(await outbox.all()).toEqual([{ ...entry(1), status: 'failed', code: 'blocked' }]);
  });

  it('sends once and in order from two tabs, one in flight', async () => {
    const outcomes = [new ConnectionError('away'), new ConnectionError('away')];
    const { tries, stored, most } = await setUp({ entries: 20, tabs: 2, outcomes });
    const texts = Array.from({ length: 20 }, (_, n) => `text ${n + 1}`);
    await vi.waitFor(() => expect(stored).toEqual(texts));
    expect(tries.slice(2)).toEqual(texts);
    expect(most()).toBe(1);
  });

  it('waits as long as the server asks, unless it is woken', async () => {
    const outcomes = [new ApiError('rate_limited', '', { retryAfterMs: 60_000 })];
    const { tabs, tries, stored } = await setUp({ entries: 1, outcomes });
    await vi.waitFor(() => expect(tries).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stored).toEqual([]);
    tabs[0]!.wake();
    await vi.waitFor(() => expect(stored).toEqual(['text 1']));
  });

  it('takes up what is written while it drains, and sends nothing after it is stopped', async () => {
    const { outbox, tabs, tries, stored } = await setUp({ entries: 1 });
    await vi.waitFor(() => expect(stored).toHaveLength(1));
    await outbox.put(entry(2));
    tabs[0]!.send(CHAT);
    await vi.waitFor(() => expect(stored).toHaveLength(2));
    tabs[0]!.stop();
    await outbox.put(entry(3));
    tabs[0]!.send(CHAT);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(tries).toEqual(['text 1', 'text 2']);
  });
});
