import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('readOptions', () => {
  it('takes a seed of its own, or the one that is given', () => {
    expect(readOptions([])).toMatchObject({ minutes: 10, pairs: 60, rate: 160 });
    expect(readOptions(['--seed', '7', '--minutes=0.5', '--pairs', '4', '--rate', '20'])).toEqual({
      seed: 7,
      minutes: 0.5,
      pairs: 4,
      rate: 20,
    });
  });

  it.each([
    [['--seed', 'mine'], /--seed/],
    [['--seed', '-1'], /seed/],
    [['--minutes', '0'], /--minutes/],
    [['--minutes', ''], /--minutes/],
    [['--pairs', '1.5'], /--pairs/],
    [['--rate', '2001'], /--rate/],
    [['--loud'], /loud/],
    [['10'], /10/],
  ])('refuses %j', (args, reason) => {
    expect(() => readOptions(args)).toThrow(reason);
  });
});
