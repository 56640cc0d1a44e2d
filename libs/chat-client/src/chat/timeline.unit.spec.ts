// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageOf, messagesOf } from './fixtures.fixture.ts';
import {
  cursorOf,
  EMPTY_TIMELINE,
  firstSeqOf,
  hasOlder,
  isBehind,
  withMessage,
  withPage,
  type Timeline,
} from './timeline.ts';

const page = (from: number, to: number, head = to) => ({ messages: messagesOf(from, to), head: { seq: head } });
const seqs = (timeline: Timeline) => timeline.messages.map((message) => message.seq);

/** What `GET /chat/message/:id?after=` gives, page by page, until nothing is missing. */
function caughtUp(timeline: Timeline, history: number, limit: number): Timeline {
  let state = timeline;
  do {
    const after = cursorOf(state);
    state = withPage(state, page(after + 1, Math.min(history, after + limit), history));
  } while (isBehind(state));
  return state;
}

describe('timeline', () => {
  it('shows the next, drops the old, and knows a gap', () => {
    const held = withPage(EMPTY_TIMELINE, page(4, 6));
    expect(seqs(withMessage(held, messageOf(7)))).toEqual([4, 5, 6, 7]);
    expect(withMessage(held, messageOf(5)).messages).toBe(held.messages);
    const gap = withMessage(held, messageOf(9));
    expect(seqs(gap)).toEqual([4, 5, 6]);
    expect(isBehind(gap)).toBe(true);
    expect(seqs(withPage(gap, page(7, 9)))).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('holds nothing before its first page, but remembers what it heard of', () => {
    const heard = withMessage(EMPTY_TIMELINE, messageOf(3));
    expect(heard).toEqual({ loaded: false, messages: [], head: 3 });
    expect(isBehind(withPage(heard, page(1, 2)))).toBe(true);
  });

  it('takes older pages in above, and leaves out pages that do not join on', () => {
    const held = withPage(EMPTY_TIMELINE, page(10, 12));
    expect(seqs(withPage(held, page(7, 9, 12)))).toEqual([7, 8, 9, 10, 11, 12]);
    expect(seqs(withPage(held, page(1, 5, 12)))).toEqual([10, 11, 12]);
    expect(hasOlder(held)).toBe(true);
    expect(hasOlder(withPage(held, page(1, 9, 12)))).toBe(false);
  });

  it('keeps the newer revision of a message, whichever comes first', () => {
    const edited = messageOf(2, { rev: 9, text: 'edited' });
    const held = withPage(EMPTY_TIMELINE, page(1, 3));
    const changed = withMessage(held, edited);
    expect(changed.messages[1]?.text).toBe('edited');
    expect(withPage(changed, page(1, 3)).messages[1]?.text).toBe('edited');
    expect(withMessage(changed, messageOf(2)).messages[1]?.text).toBe('edited');
  });

  it('after any loss, repetition and disorder of pushes and one fetch equals a fresh load', () => {
    const story = fc.integer({ min: 1, max: 40 }).chain((history) =>
      fc.record({
        history: fc.constant(history),
        staleFrom: fc.integer({ min: 1, max: history }),
        staleLength: fc.integer({ min: 0, max: history }),
        pushes: fc.array(fc.integer({ min: 1, max: history }), { maxLength: 80 }),
        limit: fc.integer({ min: 1, max: 10 }),
      }),
    );
    fc.assert(
      fc.property(story, ({ history, staleFrom, staleLength, pushes, limit }) => {
        const staleTo = Math.min(history, staleFrom + staleLength);
        const stale = withPage(EMPTY_TIMELINE, page(staleFrom, staleTo));
        const pushed = pushes.reduce((state, seq) => withMessage(state, messageOf(seq)), stale);
        expect(seqs(pushed)).toEqual(messagesOf(staleFrom, cursorOf(pushed)).map((m) => m.seq));
        const healed = caughtUp(pushed, history, limit);
        expect(firstSeqOf(healed)).toBe(staleFrom);
        expect(healed.messages).toEqual(messagesOf(staleFrom, history));
      }),
    );
  });
});
