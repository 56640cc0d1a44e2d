import { nextMessage, startChild } from './child.ts';
import type { CrowdCommand, CrowdReport } from './crowd-protocol.ts';
import { mergeEncoded, percentiles, type Percentiles } from './latency.ts';

export type Crowd = { readyMs: Percentiles; lastMs: number; failed: number; leave(): void };

/** More in one process would measure the driver. */
const CONNECTIONS_PER_DRIVER = 1_000;

/** Connects with each token; resolves once all are ready or have failed. */
export async function gatherCrowd(o: { urls: string[]; tokens: string[]; atOnce: number }): Promise<Crowd> {
  const count = Math.ceil(o.tokens.length / CONNECTIONS_PER_DRIVER);
  const drivers = Array.from({ length: count }, () => startChild('./crowd-main.ts'));
  const leave = (): void => drivers.forEach((driver) => driver.disconnect());
  try {
    const reports = drivers.map((driver) => nextMessage<CrowdReport>(driver));
    drivers.forEach((driver, index) => {
      const tokens = o.tokens.filter((_token, at) => at % count === index);
      driver.send({ urls: o.urls, tokens, atOnce: Math.ceil(o.atOnce / count) } satisfies CrowdCommand);
    });
    const ready = (await Promise.all(reports)).map((report) => {
      if (report.type === 'failed') throw new Error(report.reason);
      return report;
    });
    return {
      readyMs: percentiles(mergeEncoded(ready.map(({ readyMs }) => readyMs))),
      lastMs: Math.max(...ready.map(({ lastMs }) => lastMs)),
      failed: ready.reduce((sum, { failed }) => sum + failed, 0),
      leave,
    };
  } catch (error) {
    leave();
    throw error;
  }
}
