// @vitest-environment node
import { TYPING_TTL_MS } from '@parley/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHAT } from '../chat/fixtures.fixture.ts';
import { systemClock } from '../ports.ts';
import { createTypingReporter, createTypingSigns } from './typing.ts';

describe('typing', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is reported once, renewed in time, and withdrawn when it stops', () => {
    const sent: boolean[] = [];
    const reporter = createTypingReporter((_, typing) => sent.push(typing), systemClock);
    const typeFor = (ms: number) => {
      for (let passed = 0; passed < ms; passed += 200) {
        reporter.typed(CHAT);
        vi.advanceTimersByTime(200);
      }
    };
    typeFor(1_000);
    expect(sent).toEqual([true]);
    typeFor(TYPING_TTL_MS / 2);
    expect(sent).toEqual([true, true]);
    reporter.stopped(CHAT);
    reporter.stopped(CHAT);
    expect(sent).toEqual([true, true, false]);
  });

  it('is withdrawn after a pause', () => {
    const sent: boolean[] = [];
    const reporter = createTypingReporter((_, typing) => sent.push(typing), systemClock);
    reporter.typed(CHAT);
    vi.advanceTimersByTime(10_000);
    expect(sent).toEqual([true, false]);
  });

  it('goes out by itself when its renewal is lost', () => {
    const shown: boolean[] = [];
    const signs = createTypingSigns((_, typing) => shown.push(typing), systemClock);
    signs.show(CHAT, true);
    vi.advanceTimersByTime(TYPING_TTL_MS - 1);
    signs.show(CHAT, true);
    vi.advanceTimersByTime(TYPING_TTL_MS - 1);
    expect(shown).toEqual([true, true]);
    vi.advanceTimersByTime(1);
    expect(shown).toEqual([true, true, false]);
  });
});
