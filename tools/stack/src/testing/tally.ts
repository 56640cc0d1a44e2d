/** What one phase of a run found. */
export type Tally = { passed: number; failed: number };

export const NOTHING: Tally = { passed: 0, failed: 0 };

export const addTallies = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((sum, one) => ({ passed: sum.passed + one.passed, failed: sum.failed + one.failed }), NOTHING);

/** The last line of a run; other programs read it. */
export const lastLine = ({ passed, failed }: Tally): string => `${passed} passed, ${failed} failed`;

/** A check such as lint counts as one. */
export const tallyOfCheck = (isOk: boolean): Tally => (isOk ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

type VitestReport = { numPassedTests: number; numFailedTests: number; numFailedTestSuites?: number; success: boolean };
type PlaywrightReport = { stats: { expected: number; unexpected: number; flaky: number }; errors?: unknown[] };

/**
 * Counts of Vitest's JSON report. A file that could not even be loaded has no failed test but is a failure; so is an
 * error outside of any test, which only the exit code shows, and a tier that ran nothing.
 */
export function tallyOfVitest(report: VitestReport | undefined, exitCode: number): Tally {
  if (!report) return { passed: 0, failed: 1 };
  return atLeastOneFailure(
    { passed: report.numPassedTests, failed: report.numFailedTests },
    exitCode !== 0 || !report.success,
  );
}

/** Counts of Playwright's JSON report. A test that passed only when repeated has not passed. */
export function tallyOfPlaywright(report: PlaywrightReport | undefined, exitCode: number): Tally {
  if (!report) return { passed: 0, failed: 1 };
  const { expected, unexpected, flaky } = report.stats;
  return atLeastOneFailure(
    { passed: expected, failed: unexpected + flaky },
    exitCode !== 0 || (report.errors?.length ?? 0) > 0,
  );
}

function atLeastOneFailure(tally: Tally, isBroken: boolean): Tally {
  const isEmpty = tally.passed + tally.failed === 0;
  return (isBroken || isEmpty) && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}
