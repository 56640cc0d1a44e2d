import type { Group, ServiceState } from '../events.ts';

/** One line of the screen. Times are milliseconds since the screen began. */
export type Row = {
  group: Group;
  name: string;
  state: ServiceState;
  detail: string;
  since: number;
  settledAt?: number;
};

const SIGNS: Record<ServiceState, string> = {
  waiting: '·',
  starting: '◌',
  ready: '●',
  restarting: '↻',
  stopped: '○',
  failed: '✗',
};

const COLOURS: Record<ServiceState, number> = {
  waiting: 90,
  starting: 33,
  ready: 32,
  restarting: 33,
  stopped: 90,
  failed: 31,
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** A row as text: sign, name, state, how long it took (or has been taking), detail. */
export function renderRow(row: Row, now: number, o: { colour: boolean; columns: number }): string {
  const took = row.state === 'waiting' ? '' : seconds((row.settledAt ?? now) - row.since);
  const sign = o.colour ? `\u001b[${COLOURS[row.state]}m${SIGNS[row.state]}\u001b[0m` : SIGNS[row.state];
  const rest = ` ${row.name.padEnd(17)} ${row.state.padEnd(10)} ${took.padStart(8)}  ${firstLine(row.detail)}`;
  return `  ${sign}${rest.slice(0, Math.max(20, o.columns - 4)).trimEnd()}`;
}

/** The whole screen: a title with the time, the rows in the order engines, build, apps, then notes and the footer. */
export function renderScreen(
  o: { title: string; rows: readonly Row[]; notes: readonly string[]; footer: readonly string[] },
  now: number,
  look: { colour: boolean; columns: number },
): string[] {
  const of = (group: Group) => o.rows.filter((row) => row.group === group).map((row) => renderRow(row, now, look));
  const notes = o.notes.map((note) => `  ! ${firstLine(note)}`.slice(0, look.columns - 1));
  return [
    o.title,
    '',
    ...of('engine'),
    ...of('build'),
    ...of('app'),
    ...(notes.length ? ['', ...notes] : []),
    ...o.footer,
  ];
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
