// @vitest-environment node
import type { ClientMessageId } from '@parley/domain';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { keepLocal, localUrl, releaseLocal } from './local-pictures.ts';

const ID = 'a' as ClientMessageId;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('keeps a picture until the stored one has had time to come, and gives its memory back then', () => {
  const revoke = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue(undefined);
  keepLocal(ID, 'blob:1');
  releaseLocal(ID, 'blob:1');
  vi.advanceTimersByTime(20_000);
  expect([localUrl(ID), revoke.mock.calls]).toEqual(['blob:1', []]);
  vi.advanceTimersByTime(20_000);
  expect([localUrl(ID), revoke.mock.calls]).toEqual([undefined, [['blob:1']]]);
});

it('does not lose the address of a picture that is shown anew meanwhile', () => {
  keepLocal(ID, 'blob:2');
  releaseLocal(ID, 'blob:2');
  keepLocal(ID, 'blob:3');
  vi.advanceTimersByTime(40_000);
  expect(localUrl(ID)).toBe('blob:3');
});
