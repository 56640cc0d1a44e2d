import type { Stored } from './check-stored.ts';
import { sumOf, type Measured } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { cpu, ms, renderTable, whole } from './table.ts';

export type BenchResult = { options: BenchOptions; parley: Measured; stored: Stored; bare: Measured };

/** How many times what the bare relay does costs or takes here. */
export function ratios({ parley, bare }: BenchResult): { throughput: number; p50: number; p99: number; cpu: number } {
  const of = (a: number, b: number): number => (b === 0 ? 0 : a / b);
  return {
    throughput: of(parley.deliveriesPerSecond, bare.deliveriesPerSecond),
    p50: of(parley.latencyMs.p50, bare.latencyMs.p50),
    p99: of(parley.latencyMs.p99, bare.latencyMs.p99),
    cpu: of(sumOf(parley.cpu), sumOf(bare.cpu)),
  };
}

/** What went wrong, in words; empty for a run in which every acknowledged message is stored and was pushed once. */
export function faults({ parley, stored }: BenchResult): string[] {
  const counts: [number, string][] = [
    [parley.deliveries === 0 ? 1 : 0, 'measurement without a single delivery'],
    [parley.lost, 'acknowledged messages never pushed'],
    [parley.doubled, 'messages pushed twice'],
    [stored.missing, 'acknowledged messages not stored'],
    [stored.holes, 'holes in the stored order'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

/** The table for people. */
export function renderReport(result: BenchResult): string {
  const { options, parley, bare, stored } = result;
  const ratio = ratios(result);
  const rows: string[][] = [
    ['', 'Parley', 'bare Socket.IO', 'ratio'],
    [
      'deliveries/s',
      whole(parley.deliveriesPerSecond),
      whole(bare.deliveriesPerSecond),
      `${ratio.throughput.toFixed(2)}x`,
    ],
    ['send to push, p50 ms', ms(parley.latencyMs.p50), ms(bare.latencyMs.p50), `${ratio.p50.toFixed(1)}x`],
    ['p95 ms', ms(parley.latencyMs.p95), ms(bare.latencyMs.p95), ''],
    ['p99 ms', ms(parley.latencyMs.p99), ms(bare.latencyMs.p99), `${ratio.p99.toFixed(1)}x`],
    ['send to acknowledged, p50 ms', ms(parley.ackMs.p50), ms(bare.ackMs.p50), ''],
    ['receipts back', whole(parley.receipts), whole(bare.receipts), ''],
    ['CPU-s per 1,000 messages', cpu(sumOf(parley.cpu)), cpu(sumOf(bare.cpu)), `${ratio.cpu.toFixed(1)}x`],
    ...Object.entries(parley.cpu)
      .sort(([, a], [, b]) => b - a)
      .map(([name, seconds]) => [`  ${name}`, cpu(seconds), '', '']),
    ['  (drivers, not counted)', cpu(parley.driverCpu), cpu(bare.driverCpu), ''],
    ['lost / doubled', `${parley.lost} / ${parley.doubled}`, `${bare.lost} / ${bare.doubled}`, ''],
    ['over 5 s', whole(parley.stalls), whole(bare.stalls), ''],
    ['refused', refusals(parley.errors), refusals(bare.errors), ''],
  ];
  return [
    `${options.clients} clients in pairs, ${manner(options)}, ${options.seconds} s`,
    '',
    renderTable(rows),
    '',
    `stored: ${stored.messages} messages, ${stored.missing} missing, ${stored.holes} holes`,
  ].join('\n');
}

const manner = ({ openRate, instances }: BenchOptions): string =>
  [
    openRate === undefined
      ? 'one durable message of 100 bytes in flight a pair'
      : `${whole(openRate)} durable messages of 100 bytes a second whatever comes back, times from when each was due`,
    ...(instances > 1 ? [`${instances} instances of chat-api and gateway`] : []),
  ].join(', ');

/** Refusals by their code, in words. */
export function refusals(errors: Record<string, number>): string {
  const all = Object.entries(errors).map(([code, count]) => `${count} ${code}`);
  return all.length === 0 ? '0' : all.join(', ');
}
