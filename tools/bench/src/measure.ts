import { setTimeout as sleep } from 'node:timers/promises';
import { nextMessage, startChild } from './child.ts';
import { cpuPerThousand, sampleCpu } from './cpu.ts';
import type { DriverCommand, DriverReport, DriverResult, PairPlan } from './driver-protocol.ts';
import { mergeEncoded, percentiles, type Percentiles } from './latency.ts';
import type { Progress } from './progress.ts';

export type Measured = {
  deliveriesPerSecond: number;
  /** From sending to the push at the other member. */
  latencyMs: Percentiles;
  ackMs: Percentiles;
  /** CPU-seconds per 1,000 delivered messages, by server process (with its children). */
  cpu: Record<string, number>;
  /** The same of the drivers, which is not the servers' cost. */
  driverCpu: number;
} & Pick<DriverResult, 'deliveries' | 'acknowledged' | 'lost' | 'doubled' | 'receipts' | 'stalls' | 'errors' | 'heads'>;

const BODY_BYTES = 100;

/** The program of a driver, by the protocol that it speaks. */
export type DriverProgram = './driver-main.ts' | './ejabberd/driver-main.ts';

/** Lets drivers play against the servers at `urls`: warm-up, then for `seconds` it counts. */
export async function measure(o: {
  name: string;
  urls: string[];
  pairs: readonly PairPlan[];
  pids: Record<string, number>;
  driver?: DriverProgram;
  drivers: number;
  /** Messages a second of all pairs, for an open loop. */
  openRate: number | undefined;
  seconds: number;
  warmupSeconds: number;
  progress: Progress;
}): Promise<Measured> {
  const drivers = Array.from({ length: o.drivers }, () => startChild(o.driver ?? './driver-main.ts'));
  const tell = (command: DriverCommand): void => drivers.forEach((driver) => void driver.send(command));
  const hear = async (): Promise<DriverReport[]> => {
    const reports = await Promise.all(drivers.map((driver) => nextMessage<DriverReport>(driver)));
    const failed = reports.find((report) => report.type === 'failed');
    if (failed) throw new Error(`${o.name}: ${failed.reason}`);
    return reports;
  };
  const everyMs = o.openRate === undefined ? undefined : (1_000 * o.pairs.length) / o.openRate;
  try {
    o.progress(`${o.name}: connecting ${o.pairs.length * 2} clients`);
    const connected = hear();
    drivers.forEach((driver, index) => {
      const pairs = o.pairs.filter((_pair, at) => at % drivers.length === index);
      driver.send({ type: 'connect', urls: o.urls, pairs, bodyBytes: BODY_BYTES, everyMs } satisfies DriverCommand);
    });
    await connected;

    tell({ type: 'play' });
    await tick(o.warmupSeconds, (second) => o.progress(`${o.name}: warming up, ${second} of ${o.warmupSeconds} s`));
    const driverPids = Object.fromEntries(drivers.map(({ pid }, index) => [`driver-${index}`, pid ?? 0]));
    const before = { servers: sampleCpu(o.pids), drivers: sampleCpu(driverPids), at: performance.now() };
    tell({ type: 'measure' });
    await tick(o.seconds, (second) => o.progress(`${o.name}: measuring, ${second} of ${o.seconds} s`));
    const stopped = hear();
    tell({ type: 'stop' });
    const after = { servers: sampleCpu(o.pids), drivers: sampleCpu(driverPids), at: performance.now() };
    o.progress(`${o.name}: waiting for the last pushes`);
    const results = (await stopped).flatMap((report) => (report.type === 'stopped' ? [report.result] : []));
    const total = addResults(results);
    const seconds = (after.at - before.at) / 1_000;
    return {
      ...total,
      deliveriesPerSecond: total.deliveries / seconds,
      latencyMs: percentiles(mergeEncoded(results.map(({ latencies }) => latencies))),
      ackMs: percentiles(mergeEncoded(results.map(({ ackLatencies }) => ackLatencies))),
      cpu: cpuPerThousand(before.servers, after.servers, total.deliveries),
      driverCpu: sumOf(cpuPerThousand(before.drivers, after.drivers, total.deliveries)),
    };
  } finally {
    for (const driver of drivers) driver.kill();
  }
}

export const sumOf = (values: Record<string, number>): number =>
  Object.values(values).reduce((sum, value) => sum + value, 0);

async function tick(seconds: number, onSecond: (second: number) => void): Promise<void> {
  for (let second = 1; second <= seconds; second += 1) {
    onSecond(second);
    await sleep(1_000);
  }
}

function addResults(results: readonly DriverResult[]) {
  const sum = (pick: (result: DriverResult) => number): number => results.reduce((all, one) => all + pick(one), 0);
  const errors: Record<string, number> = {};
  for (const result of results) {
    for (const [code, count] of Object.entries(result.errors)) errors[code] = (errors[code] ?? 0) + count;
  }
  return {
    deliveries: sum(({ deliveries }) => deliveries),
    acknowledged: sum(({ acknowledged }) => acknowledged),
    lost: sum(({ lost }) => lost),
    doubled: sum(({ doubled }) => doubled),
    receipts: sum(({ receipts }) => receipts),
    stalls: sum(({ stalls }) => stalls),
    errors,
    heads: Object.assign({}, ...results.map(({ heads }) => heads)) as Record<string, number>,
  };
}
