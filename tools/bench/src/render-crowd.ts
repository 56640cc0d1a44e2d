import type { CrowdMeasured } from './bench-crowd.ts';
import { sumOf } from './measure.ts';
import { ms, renderTable, whole } from './table.ts';

export type CrowdResult = { subject: 'storm' | 'idle'; parley: CrowdMeasured; bare: CrowdMeasured };

/** The table for people. */
export function renderCrowd({ subject, parley, bare }: CrowdResult): string {
  const both = (name: string, of: (one: CrowdMeasured) => string): string[] => [name, of(parley), of(bare)];
  const busy = Object.entries(parley.cpu).filter(([, seconds]) => seconds >= 0.01);
  return [
    subject === 'storm' ? 'All connect at once, WebSocket, to the event `ready`' : 'Connections that say nothing',
    '',
    renderTable([
      ['', 'Parley', 'bare Socket.IO'],
      both('connections', ({ connections }) => whole(connections)),
      both('failed', ({ failed }) => whole(failed)),
      both('all ready after, s', ({ lastMs }) => (lastMs / 1_000).toFixed(2)),
      both('one ready after, p50 ms', ({ readyMs }) => ms(readyMs.p50)),
      both('p99 ms', ({ readyMs }) => ms(readyMs.p99)),
      both('gateway memory a connection, KB', ({ bytesPerConnection }) => (bytesPerConnection / 1_024).toFixed(1)),
      both('CPU-s while connecting', (one) => sumOf(one.cpu).toFixed(2)),
      ...busy.sort(([, a], [, b]) => b - a).map(([name, seconds]) => [`  ${name}`, seconds.toFixed(2), '']),
    ]),
  ].join('\n');
}
