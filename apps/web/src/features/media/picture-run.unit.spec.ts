// @vitest-environment node
import { EMPTY_TIMELINE, messageOf, withNewestPage } from '@parley/chat-client/testing';
import type { MediaAnswer, Message } from '@parley/contracts';
import { describe, expect, it } from 'vitest';
import { pictureMessage } from '../pictures/show/picture-message.fixture.ts';
import { NO_PICTURES, runAround, shownPictures, withNewer, withOlder } from './picture-run.ts';

/** Messages `from`..`to`, of which those in `pictures` are pictures. */
const history = (from: number, to: number, pictures: readonly number[]): Message[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).map((seq) =>
    pictures.includes(seq) ? pictureMessage(seq) : messageOf(seq),
  );
const held = (messages: readonly Message[]) => withNewestPage(EMPTY_TIMELINE, messages);
const page = (seqs: readonly number[], hasMore: boolean): MediaAnswer => ({
  messages: seqs.map((seq) => pictureMessage(seq)),
  hasMore,
});
const seqs = (messages: readonly Message[]) => messages.map(({ seq }) => seq);

describe('the pictures of a chat', () => {
  it('are filled from the newest backwards, page by page', () => {
    const first = withOlder(NO_PICTURES, page([9, 7], true));
    const all = withOlder(first, page([4, 2], false));
    expect(seqs(all.messages)).toEqual([2, 4, 7, 9]);
    expect([first.atOldest, all.atOldest, all.atNewest]).toEqual([false, true, true]);
  });

  it('begin around one with what is held, and go on in both directions from there', () => {
    const run = runAround(pictureMessage(15), held(history(11, 20, [12, 15, 19])));
    expect([seqs(run.messages), run.atOldest, run.atNewest]).toEqual([[12, 15, 19], false, true]);
    const whole = runAround(pictureMessage(2), held(history(1, 3, [2])));
    expect([whole.atOldest, whole.atNewest]).toEqual([true, true]);
  });

  it('know nothing of either side of one that is not held, until pages come', () => {
    const run = runAround(pictureMessage(5), held(history(11, 20, [12])));
    expect([seqs(run.messages), run.atOldest, run.atNewest]).toEqual([[5], false, false]);
    expect(seqs(shownPictures(run, held(history(11, 20, [12]))))).toEqual([5]);
    const more = withNewer(withOlder(run, page([3], false)), page([9, 8], true));
    expect([seqs(more.messages), more.atOldest, more.atNewest]).toEqual([[3, 5, 8, 9], true, false]);
  });

  it('do not pass for the newest while newer messages are known to be missing', () => {
    const behind = { ...held(history(1, 5, [2])), head: 8 };
    expect(runAround(pictureMessage(2), behind).atNewest).toBe(false);
  });

  it('are joined by what is sent meanwhile, and lose what is deleted', () => {
    const run = withOlder(NO_PICTURES, page([5, 3], false));
    const gone = { ...messageOf(3), rev: 9, text: null, deletedAt: '2026-01-02T12:00:00.000Z' };
    const captioned = { ...pictureMessage(5), rev: 10, text: 'later' };
    const timeline = held([gone, messageOf(4), captioned, ...history(6, 8, [7])]);
    const shown = shownPictures(run, timeline);
    expect(seqs(shown)).toEqual([5, 7]);
    expect(shown[0]?.text).toBe('later');
  });
});
