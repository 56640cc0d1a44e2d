import type { ClientMessageId } from '@parley/domain';
import { describe, expect, it, vi } from 'vitest';
import { createClientStore } from '../chat/client-state.ts';
import { CHAT, ME, uuid } from '../chat/fixtures.fixture.ts';
import { systemRuntime } from '../ports.ts';
import { createOutgoing } from './outgoing.ts';
import { createMemoryOutbox, type Outbox, type Outgoing } from './outbox.ts';

const entry = (n: number, changes: Partial<Outgoing> = {}): Outgoing => ({
  clientMessageId: uuid(n) as ClientMessageId,
  chatId: CHAT,
  text: `text ${n}`,
  createdAt: n,
  status: 'pending',
  ...changes,
});

/** A tab on a shared outbox: what it shows, and the chats it was told to send of. */
function tabOf(shared: Outbox, listeners: Set<() => void>) {
  const store = createClientStore(ME);
  let mine: (() => void) | undefined;
  const tell = () => listeners.forEach((listener) => listener !== mine && listener());
  const outbox: Outbox = {
    ...shared,
    put: (one) => shared.put(one).then(tell),
    remove: (id) => shared.remove(id).then(tell),
    onChange: (listener) => {
      mine = listener;
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const sent: string[] = [];
  const sender = { send: (chatId: string) => void sent.push(chatId), wake: () => undefined, stop: () => undefined };
  const nothing = () => undefined;
  const uploader = { start: nothing, startAnew: nothing, keep: nothing, cancel: nothing, wake: nothing, stop: nothing };
  const outgoing = createOutgoing({ outbox, store, sender, uploader, log: systemRuntime.log });
  const shown = () => (store.getState().outgoing[CHAT] ?? []).map(({ text, status }) => `${text} ${status}`);
  return { outgoing, shown, sent };
}

describe('outgoing', () => {
  it('is shown in every tab, in the order it was written, until it is stored', async () => {
    const shared = createMemoryOutbox();
    const listeners = new Set<() => void>();
    const [one, two] = [tabOf(shared, listeners), tabOf(shared, listeners)];
    two.outgoing.queue(entry(2));
    one.outgoing.queue(entry(1));
    expect(one.shown()).toEqual(['text 1 pending']);
    for (const tab of [one, two]) {
      await vi.waitFor(() => expect(tab.shown()).toEqual(['text 1 pending', 'text 2 pending']));
      await vi.waitFor(() => expect(tab.sent).toContain(CHAT));
    }
    one.outgoing.stored(entry(1));
    expect(one.shown()).toEqual(['text 2 pending']);
    two.outgoing.discard(entry(2));
    await vi.waitFor(() => expect(one.shown()).toEqual([]));
  });

  it('stands there after a restart, what was refused too', async () => {
    const shared = createMemoryOutbox();
    await shared.put(entry(1, { status: 'failed', code: 'blocked' }));
    await shared.put(entry(2));
    const tab = tabOf(shared, new Set());
    await vi.waitFor(() => expect(tab.shown()).toEqual(['text 1 failed', 'text 2 pending']));
    expect(tab.sent).toEqual([CHAT]);
    tab.outgoing.retry(entry(1, { status: 'failed', code: 'blocked' }));
    await vi.waitFor(async () => expect(await shared.next(CHAT)).toEqual(entry(1)));
  });

  it('is tried again under an id of its own where the id was taken', async () => {
    const shared = createMemoryOutbox();
    const taken = entry(1, { status: 'failed', code: 'idempotency_conflict' });
    await shared.put(taken);
    tabOf(shared, new Set()).outgoing.retry(taken);
    await vi.waitFor(async () => {
      const left = await shared.all();
      expect(left.map(({ text, status }) => [text, status])).toEqual([['text 1', 'pending']]);
      expect(left[0]?.clientMessageId).not.toBe(taken.clientMessageId);
    });
  });
});
