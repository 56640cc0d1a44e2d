import type { DeadLetter } from '@parley/rabbitmq';
import { describe, expect, it } from 'vitest';
import { orderDlq } from './order-dlq.ts';

const letter = (id: string): DeadLetter => ({
  id,
  queue: 'chat.blocks',
  reason: 'rejected',
  diedAt: '2026-01-01T00:00:00.000Z',
  type: 'user.blocked',
  content: `{"id":"${id}"}`,
});

/** A queue in memory; those in `stuck` can't be replayed. */
function queueOf(ids: string[], stuck: string[] = []) {
  let all = ids.map(letter);
  const take = (which: (one: DeadLetter) => boolean): string[] => {
    const taken = all.filter(which).map(({ id }) => id);
    all = all.filter((one) => !which(one));
    return taken;
  };
  return {
    ids: () => all.map(({ id }) => id),
    letters: {
      list: async () => all,
      replay: async (which: (one: DeadLetter) => boolean) => take((one) => which(one) && !stuck.includes(one.id)),
      drop: async (which: (one: DeadLetter) => boolean) => take(which),
    },
  };
}

describe('npm run dlq', () => {
  it('lists and shows, and changes nothing', async () => {
    const queue = queueOf(['a', 'b']);
    const listed = await orderDlq(queue.letters, []);
    expect(listed).toMatchObject({ code: 0, text: expect.stringContaining('2 dead') as string });
    const shown = await orderDlq(queue.letters, ['show', 'b']);
    expect(shown).toMatchObject({ code: 0, text: expect.stringContaining('"id": "b"') as string });
    expect(shown.text).not.toContain('"id": "a"');
    expect(queue.ids()).toEqual(['a', 'b']);
    expect(await orderDlq(queueOf([]).letters, [])).toEqual({ code: 0, text: 'Nothing is dead.' });
  });

  it('replays and drops one or all', async () => {
    const queue = queueOf(['a', 'b', 'c', 'd']);
    expect(await orderDlq(queue.letters, ['replay', 'b'])).toEqual({ code: 0, text: 'replayed: b' });
    expect(await orderDlq(queue.letters, ['drop', 'a'])).toEqual({ code: 0, text: 'dropped: a' });
    expect(await orderDlq(queue.letters, ['drop', '--all'])).toEqual({ code: 0, text: 'dropped: c, d' });
    expect(queue.ids()).toEqual([]);
  });

  it('says what could not go', async () => {
    const queue = queueOf(['a', 'b'], ['b']);
    expect((await orderDlq(queue.letters, ['replay', '--all'])).text).toContain('1 stayed');
    expect(await orderDlq(queue.letters, ['replay', 'x'])).toEqual({ code: 1, text: 'No letter x.' });
    expect(queue.ids()).toEqual(['b']);
  });

  it.each([[['drop']], [['show']], [['burn', 'a']]])('explains itself when told %j', async (args) => {
    const queue = queueOf(['a']);
    expect((await orderDlq(queue.letters, args)).code).toBe(2);
    expect(queue.ids()).toEqual(['a']);
  });
});
