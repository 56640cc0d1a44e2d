import { sumOf, type Measured } from '../measure.ts';
import { refusals } from '../report.ts';
import { cpu, ms, renderTable, whole } from '../table.ts';

/** The table for people: ejabberd beside Parley, both durable, in one run. */
export function renderRival(parley: Measured, ejabberd: Measured): string {
  const of = (a: number, b: number): string => `${(b === 0 ? 0 : a / b).toFixed(2)}x`;
  const [ours, theirs] = [sumOf(parley.cpu), sumOf(ejabberd.cpu)];
  return renderTable([
    ['', 'Parley', 'ejabberd', 'ratio'],
    [
      'deliveries/s',
      whole(parley.deliveriesPerSecond),
      whole(ejabberd.deliveriesPerSecond),
      of(parley.deliveriesPerSecond, ejabberd.deliveriesPerSecond),
    ],
    [
      'send to push, p50 ms',
      ms(parley.latencyMs.p50),
      ms(ejabberd.latencyMs.p50),
      of(parley.latencyMs.p50, ejabberd.latencyMs.p50),
    ],
    ['p99 ms', ms(parley.latencyMs.p99), ms(ejabberd.latencyMs.p99), of(parley.latencyMs.p99, ejabberd.latencyMs.p99)],
    ['receipts back', whole(parley.receipts), whole(ejabberd.receipts)],
    ['CPU-s per 1,000 messages', cpu(ours), cpu(theirs), of(ours, theirs)],
    ...Object.entries(ejabberd.cpu).map(([name, seconds]) => [`  ${name}`, '', cpu(seconds)]),
    ['  (drivers, not counted)', cpu(parley.driverCpu), cpu(ejabberd.driverCpu)],
    ['lost / doubled', `${parley.lost} / ${parley.doubled}`, `${ejabberd.lost} / ${ejabberd.doubled}`],
    ['refused', refusals(parley.errors), refusals(ejabberd.errors)],
  ]);
}
