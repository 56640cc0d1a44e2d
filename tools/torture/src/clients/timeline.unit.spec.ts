import type { Message } from '@parley/contracts';
import { expect, it } from 'vitest';
import { wholeHistory } from '../check/history.fixture.ts';
import { createRandom } from '../random.ts';
import { emptyTimeline, hasGap, take } from './timeline.ts';

const { acknowledged, fresh } = wholeHistory();
const changes = acknowledged as Message[];

it('ends with what a fetch shows, in whatever order and however often things come', () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const timeline = emptyTimeline();
    const random = createRandom(seed);
    for (const message of random.shuffle([...changes, ...changes])) expect(take(timeline, message)).toBeUndefined();
    expect(timeline.messages).toEqual(fresh[0]!.messages);
    expect(timeline.shown).toEqual(timeline.messages.map(({ id }) => id));
    expect(timeline.rev).toBe(7);
  }
});

it('keeps back what comes before its turn', () => {
  const timeline = emptyTimeline();
  take(timeline, changes[1]!);
  expect([timeline.messages.length, hasGap(timeline)]).toEqual([0, true]);
  take(timeline, changes[0]!);
  expect([timeline.messages.length, hasGap(timeline)]).toEqual([2, false]);
});

it('tells what contradicts what it was told before', () => {
  const timeline = emptyTimeline();
  take(timeline, changes[0]!);
  expect(take(timeline, { ...changes[0]!, id: 'other' as Message['id'] })).toMatch(
    /^seq 1 is message-1, and now other/,
  );
  expect(take(timeline, { ...changes[0]!, text: 'other' })).toMatch(/^rev 1 was /);
});
