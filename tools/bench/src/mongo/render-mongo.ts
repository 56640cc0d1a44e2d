import type { MongoRow } from './measure-mongo.ts';

const WHAT = 52;
const CELL = 12;

/** The table for people. */
export function renderMongo(o: { rows: readonly MongoRow[]; documents: number; startMs: number | undefined }): string {
  const line = (what: string, cells: string[]) => what.padEnd(WHAT) + cells.map((cell) => cell.padStart(CELL)).join('');
  return [
    `one client process, among ${o.documents.toLocaleString('en')} documents; p50 and p99 of a command; CPU of the engine alone`,
    '',
    line('', ['docs/s', 'p50 ms', 'p99 ms', 'CPU ms/doc']),
    ...o.rows.map(({ what, perSecond, latency, cpuPerThousand }) =>
      line(what, [
        Math.round(perSecond).toLocaleString('en'),
        latency.p50.toFixed(2),
        latency.p99.toFixed(2),
        cpuPerThousand.toFixed(3),
      ]),
    ),
    ...(o.startMs === undefined
      ? []
      : ['', `Ready ${(o.startMs / 1_000).toFixed(2)} s after it is started on these data.`]),
  ].join('\n');
}
