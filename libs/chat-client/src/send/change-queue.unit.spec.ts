import type { Message } from '@parley/contracts';
import { describe, expect, it, vi } from 'vitest';
import { createClientStore } from '../chat/client-state.ts';
import { CHAT, ME, messageOf } from '../chat/fixtures.fixture.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import { systemRuntime } from '../ports.ts';
import { createChangeQueue } from './change-queue.ts';
import type { MessageChange, Wish } from './change.ts';
import { createMemoryOutbox, type Outbox } from './outbox.ts';

const [one, two] = [messageOf(1), messageOf(2)];
const edit = (text: string): Wish => ({ kind: 'edit', text });
const react: Wish = { kind: 'reaction', emoji: '👍', on: true };

/** A server whose every answer is the next of `outcomes`; once they are used up, it does what is asked. */
function createServer(outcomes: (Error | 'done' | Promise<'done'>)[] = []) {
  const done: string[] = [];
  let tries = 0;
  let running = 0;
  let most = 0;
  const request = async ({ messageId, wish }: MessageChange): Promise<Message> => {
    tries += 1;
    most = Math.max(most, ++running);
    const outcome = await (outcomes.shift() ?? Promise.resolve('done' as const));
    running -= 1;
    if (outcome instanceof Error) throw outcome;
    done.push(wish.kind === 'edit' ? wish.text : wish.kind);
    return messageId === one.id ? one : two;
  };
  return { request, done, tries: () => tries, most: () => most };
}

/** What the tabs of one browser share: the outbox, a lock, and word of each other's changes. */
function createBrowser() {
  const outbox = createMemoryOutbox();
  const listeners = new Set<() => void>();
  let last: Promise<unknown> = Promise.resolve();
  return (): Outbox => {
    let mine: (() => void) | undefined;
    const tell = () => listeners.forEach((listener) => listener !== mine && listener());
    return {
      ...outbox,
      changes: {
        ...outbox.changes,
        put: (change) => outbox.changes.put(change).then(tell),
        remove: (id) => outbox.changes.remove(id).then(tell),
      },
      exclusive: (_name, run) => {
        const turn = last.then(run);
        last = turn.catch(() => undefined);
        return turn;
      },
      onChange: (listener) => {
        mine = listener;
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
  };
}

function openTab(outbox: Outbox, server: ReturnType<typeof createServer>, clock = systemRuntime.clock) {
  const store = createClientStore(ME);
  const heard: string[] = [];
  const refused: MessageChange[] = [];
  const queue = createChangeQueue({
    outbox,
    store,
    runtime: { ...systemRuntime, clock, random: () => 0 },
    request: server.request,
    onStored: ({ id }) => heard.push(id),
    onRefused: (change) => refused.push(change),
  });
  const shown = () =>
    Object.values(store.getState().changes)
      .flat()
      .map(({ wish, status }) => `${wish.kind === 'edit' ? wish.text : wish.kind} ${status}`);
  return { queue, shown, heard, refused, store };
}

describe('changes of messages', () => {
  it('are shown at once and done one by one, in the order they were made', async () => {
    const server = createServer();
    const { queue, shown, heard } = openTab(createMemoryOutbox(), server);
    const all = [queue.submit(one, edit('a')), queue.submit(two, react), queue.submit(one, edit('b'))];
    expect(shown().sort()).toEqual(['a pending', 'b pending', 'reaction pending']);
    await Promise.all(all);
    expect(server.done).toEqual(['a', 'reaction', 'b']);
    expect(server.most()).toBe(1);
    expect(heard).toEqual([one.id, two.id, one.id]);
    expect(shown()).toEqual([]);
  });

  it('are kept while nobody answers, and tried again until they are done', async () => {
    const away = [new ConnectionError('away'), new ApiError('unavailable', ''), new ApiError('rate_limited', '')];
    const server = createServer(away);
    const outbox = createMemoryOutbox();
    const { queue, shown } = openTab(outbox, server);
    await queue.submit(one, edit('a'));
    expect(shown()).toEqual(['a pending']);
    await vi.waitFor(() => expect(server.done).toEqual(['a']));
    await vi.waitFor(() => expect(shown()).toEqual([]));
    expect(await outbox.changes.all()).toEqual([]);
    expect(server.tries()).toBe(4);
  });

  it('keep nobody waiting who asks while an earlier one waits for its next try', async () => {
    const server = createServer([new ConnectionError('away')]);
    const clock = { now: () => 0, schedule: () => () => undefined };
    const { queue, shown } = openTab(createMemoryOutbox(), server, clock);
    await Promise.all([queue.submit(one, edit('a')), queue.submit(two, edit('b'))]);
    await queue.submit(one, { kind: 'delete' });
    expect(shown()).toEqual(['a pending', 'delete pending', 'b pending']);
    expect(server.tries()).toBe(1);
    queue.wake();
    await vi.waitFor(() => expect(server.done).toEqual(['a', 'b', 'delete']));
  });

  it('are not waited for where the answer takes long', async () => {
    vi.useFakeTimers();
    try {
      let answer: (value: 'done') => void = () => undefined;
      const server = createServer([new Promise((resolve) => (answer = resolve))]);
      const { queue, shown } = openTab(createMemoryOutbox(), server);
      const submitted = queue.submit(one, edit('a'));
      await vi.advanceTimersByTimeAsync(2_000);
      await submitted;
      expect(shown()).toEqual(['a pending']);
      answer('done');
      await vi.advanceTimersByTimeAsync(0);
      expect(shown()).toEqual([]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that are refused at the first try are given back, and nothing of them stays', async () => {
    const outbox = createMemoryOutbox();
    const { queue, shown, refused } = openTab(outbox, createServer([new ApiError('message_deleted', '')]));
    await expect(queue.submit(one, edit('a'))).rejects.toMatchObject({ code: 'message_deleted' });
    expect(shown()).toEqual([]);
    expect(refused).toEqual([]);
    expect(await outbox.changes.all()).toEqual([]);
  });

  it('that are refused later: an edit waits for its author over a restart, anything else is given up', async () => {
    const outbox = createMemoryOutbox();
    const refusal = () => new ApiError('message_deleted', '');
    const server = createServer([new ConnectionError('away'), refusal(), new ConnectionError('away'), refusal()]);
    const first = openTab(outbox, server);
    await first.queue.submit(one, edit('a'));
    await vi.waitFor(() => expect(first.shown()).toEqual(['a failed']));
    await first.queue.submit(one, react);
    await vi.waitFor(() => expect(first.refused.map(({ wish }) => wish.kind)).toEqual(['edit', 'reaction']));
    expect(first.shown()).toEqual(['a failed']);
    first.queue.stop();

    const { queue, shown, store } = openTab(outbox, server);
    await vi.waitFor(() => expect(shown()).toEqual(['a failed']));
    const [kept] = store.getState().changes[one.id] ?? [];
    expect(kept?.code).toBe('message_deleted');
    queue.retry(kept as MessageChange);
    await vi.waitFor(() => expect(server.done).toEqual(['a']));
    await vi.waitFor(() => expect(shown()).toEqual([]));
  });

  it('that met another edit of their message replace it when they are tried again', async () => {
    const outbox = createMemoryOutbox();
    const wishes: Wish[] = [];
    const server = createServer([new ConnectionError('away'), new ApiError('edit_conflict', '')]);
    const { queue, shown, store } = openTab(outbox, {
      ...server,
      request: (change) => {
        wishes.push(change.wish);
        return server.request(change);
      },
    });
    const wish: Wish = { kind: 'edit', text: 'a', replaces: 'what was seen' };
    await queue.submit(one, wish);
    await vi.waitFor(() => expect(shown()).toEqual(['a failed']));
    queue.retry(store.getState().changes[one.id]?.[0] as MessageChange);
    await vi.waitFor(() => expect(shown()).toEqual([]));
    expect(wishes).toEqual([wish, wish, { kind: 'edit', text: 'a' }]);
  });

  it('go on after a restart, and can be discarded', async () => {
    const outbox = createMemoryOutbox();
    const wish = edit('a');
    await outbox.changes.put({ id: '1', chatId: CHAT, messageId: one.id, wish, status: 'pending' });
    const failed = { id: '2', chatId: CHAT, messageId: one.id, wish: edit('b'), status: 'failed' } as const;
    await outbox.changes.put(failed);
    const server = createServer();
    const { queue, shown } = openTab(outbox, server);
    await vi.waitFor(() => expect(server.done).toEqual(['a']));
    await vi.waitFor(() => expect(shown()).toEqual(['b failed']));
    queue.discard(failed);
    expect(shown()).toEqual([]);
    await vi.waitFor(async () => expect(await outbox.changes.all()).toEqual([]));
  });

  it('are done once among two tabs, and whoever asked is answered though the other tab did it', async () => {
    const open = createBrowser();
    const server = createServer();
    const [left, right] = [openTab(open(), server), openTab(open(), server)];
    const texts = [...Array(10).keys()].map(String);
    await Promise.all(texts.map((text, n) => (n % 2 === 0 ? left : right).queue.submit(one, edit(text))));
    expect([...server.done].sort()).toEqual(texts);
    expect(server.most()).toBe(1);
    for (const tab of [left, right]) await vi.waitFor(() => expect(tab.shown()).toEqual([]));
  });
});
