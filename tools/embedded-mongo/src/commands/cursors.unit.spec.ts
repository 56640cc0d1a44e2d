import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { encode } from '../bson/encode.ts';
import { Cursors } from './cursors.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('Cursors', () => {
  const documents = () => [1, 2, 3].map((_id) => encode({ _id }))[Symbol.iterator]();

  it('keeps a cursor that has more, until it is read to its end', () => {
    const cursors = new Cursors();
    cursors.first('d.c', documents(), 3);
    expect(cursors.size).toBe(0);
    cursors.first('d.c', documents(), 2, true);
    expect(cursors.size).toBe(0);
    cursors.first('d.c', documents(), 2);
    expect(cursors.size).toBe(1);
  });

  it('closes cursors that nobody reads for ten minutes', () => {
    const cursors = new Cursors();
    cursors.first('d.c', documents(), 1);
    vi.advanceTimersByTime(9 * 60_000);
    cursors.first('d.c', documents(), 1);
    cursors.sweep();
    expect(cursors.size).toBe(2);
    vi.advanceTimersByTime(2 * 60_000);
    cursors.sweep();
    expect(cursors.size).toBe(1);
  });

  it('closes the cursors of what is gone', () => {
    const cursors = new Cursors();
    cursors.first('d.c', documents(), 1);
    cursors.first('d.other', documents(), 1);
    cursors.sweep((ns) => ns === 'd.c');
    expect(cursors.size).toBe(1);
  });
});
