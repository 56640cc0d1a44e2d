import { describe, expect, it } from 'vitest';
import { addTallies, lastLine, tallyOfCheck, tallyOfPlaywright, tallyOfVitest } from './tally.ts';

const report = (passed: number, failed: number, success = failed === 0) => ({
  numPassedTests: passed,
  numFailedTests: failed,
  success,
});
const stats = (expected: number, unexpected: number, flaky = 0) => ({ stats: { expected, unexpected, flaky } });

describe('tallies', () => {
  it.each([
    ['all passed', report(12, 0), 0, { passed: 12, failed: 0 }],
    ['some failed', report(10, 2), 1, { passed: 10, failed: 2 }],
    ['a file did not load', report(12, 0, false), 1, { passed: 12, failed: 1 }],
    ['an error outside of any test', report(12, 0), 1, { passed: 12, failed: 1 }],
    ['no tests at all', report(0, 0), 0, { passed: 0, failed: 1 }],
    ['no report', undefined, 1, { passed: 0, failed: 1 }],
  ])('of Vitest: %s', (_, given, code, expected) => {
    expect(tallyOfVitest(given, code)).toEqual(expected);
  });

  it.each([
    ['all passed', stats(5, 0), 0, { passed: 5, failed: 0 }],
    ['passed only when repeated', stats(4, 0, 1), 0, { passed: 4, failed: 1 }],
    ['the run itself broke', { ...stats(5, 0), errors: [{}] }, 1, { passed: 5, failed: 1 }],
    ['no tests at all', stats(0, 0), 0, { passed: 0, failed: 1 }],
    ['no report', undefined, 0, { passed: 0, failed: 1 }],
  ])('of Playwright: %s', (_, given, code, expected) => {
    expect(tallyOfPlaywright(given, code)).toEqual(expected);
  });

  it('add up to the last line of a run', () => {
    const tallies = [tallyOfCheck(true), tallyOfCheck(false), { passed: 40, failed: 0 }];
    expect(lastLine(addTallies(tallies))).toBe('41 passed, 1 failed');
  });
});
