import type { MongoRow } from './measure-mongo.ts';

const WHAT = 42;
const CELL = 10;

/** The table for people. */
export function renderMongo(rows: readonly MongoRow[], documents: number): string {
  const line = (what: string, cells: string[]) => what.padEnd(WHAT) + cells.map((cell) => cell.padStart(CELL)).join('');
  return [
    `one client process, reads and updates among ${documents.toLocaleString('en')} documents; CPU-s per 1,000 is the engine's`,
    '',
    line('', ['a second', 'p50 ms', 'p99 ms', 'CPU-s']),
    ...rows.map(({ what, perSecond, latency, cpuPerThousand }) =>
      line(what, [
        Math.round(perSecond).toLocaleString('en'),
        latency.p50.toFixed(2),
        latency.p99.toFixed(2),
        cpuPerThousand.toFixed(3),
      ]),
    ),
  ].join('\n');
}
