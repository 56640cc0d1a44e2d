// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { dayText, daysAgo, lastSeenText, listTimeText } from './time-text.ts';

const local = (day: number, hour = 12, minute = 0) => new Date(2026, 2, day, hour, minute).getTime();
const NOW = local(20, 15, 30);

describe('times', () => {
  it('are as short as they can be in the list', () => {
    expect(listTimeText(local(20, 9, 5), NOW)).toBe('09:05');
    expect(listTimeText(local(19, 23, 59), NOW)).toBe('Yesterday');
    expect(listTimeText(local(16), NOW)).toMatch(/^Mon/);
    expect(listTimeText(local(2), NOW)).toMatch(/2/);
    expect(listTimeText(new Date(2024, 5, 1).getTime(), NOW)).toMatch(/2024/);
  });

  it('name days by the calendar, also across the change of clocks and from a fast clock', () => {
    expect(dayText(NOW, NOW)).toBe('Today');
    expect(dayText(local(19, 0, 1), NOW)).toBe('Yesterday');
    expect(daysAgo(new Date(2026, 2, 28, 23).getTime(), new Date(2026, 2, 30, 1).getTime())).toBe(2);
    expect(dayText(NOW + 100_000_000, NOW)).toBe('Today');
  });

  it('tell when somebody was last here', () => {
    expect(lastSeenText(NOW - 20_000, NOW)).toBe('last seen just now');
    expect(lastSeenText(NOW - 5 * 60_000, NOW)).toBe('last seen 5 min ago');
    expect(lastSeenText(local(20, 9, 5), NOW)).toBe('last seen today at 09:05');
    expect(lastSeenText(local(19, 9, 5), NOW)).toBe('last seen yesterday at 09:05');
  });
});
