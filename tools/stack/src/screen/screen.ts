import type { StackEvent, StackListener } from '../events.ts';
import { renderRow, renderScreen } from './render.ts';
import type { Row } from './render.ts';

export type Screen = {
  listen: StackListener;
  /** What stands under the rows from now on: URLs, sign-in. */
  footer(lines: readonly string[]): void;
  /** Draws for the last time; what is written afterwards stands below. */
  end(): void;
};

/** What a screen needs of a stream. */
export type Output = { isTTY?: boolean; columns?: number; write(text: string): unknown };

const SETTLED = new Set(['ready', 'failed', 'stopped']);
const NOTES_SHOWN = 5;

/** Shows a stack as it comes up: on a terminal one screen that is redrawn in place, else one plain line per change. */
export function createScreen(o: { title: string; out: Output; plain: boolean; clock?: () => number }): Screen {
  const clock = o.clock ?? (() => performance.now());
  const began = clock();
  const now = () => clock() - began;
  const rows = new Map<string, Row>();
  const notes: string[] = [];
  let footer: readonly string[] = [];
  let drawn = 0;
  const isLive = Boolean(o.out.isTTY) && !o.plain;

  const draw = (): void => {
    const look = { colour: true, columns: o.out.columns || 80 };
    const lines = renderScreen({ title: o.title, rows: [...rows.values()], notes, footer }, now(), look);
    o.out.write((drawn > 0 ? `\u001b[${drawn}A\u001b[0J` : '') + lines.join('\n') + '\n');
    drawn = lines.length;
  };
  const isMoving = () => [...rows.values()].some(({ state }) => !SETTLED.has(state));
  const timer = isLive ? setInterval(() => isMoving() && draw(), 200) : undefined;
  timer?.unref();

  const apply = (event: StackEvent & { type: 'state' }): boolean => {
    const before = rows.get(event.name);
    const isSame = before?.state === event.state && before.detail === (event.detail ?? before.detail);
    const goesOn = before !== undefined && before.state !== 'waiting' && before.settledAt === undefined;
    const row: Row = {
      group: event.group,
      name: event.name,
      state: event.state,
      detail: event.detail ?? before?.detail ?? '',
      since: goesOn ? before.since : now(),
      ...(SETTLED.has(event.state) ? { settledAt: now() } : {}),
    };
    rows.set(event.name, row);
    return !isSame;
  };
  const plainLine = (text: string) => o.out.write(`[${(now() / 1000).toFixed(1).padStart(6)} s]${text}\n`);

  return {
    listen: (event) => {
      if (event.type === 'note') {
        notes.push(event.text);
        if (notes.length > NOTES_SHOWN) notes.shift();
        if (!isLive) plainLine(`  ! ${event.text}`);
      } else if (apply(event) && !isLive) {
        const row = rows.get(event.name);
        if (row && row.state !== 'waiting') plainLine(renderRow(row, now(), { colour: false, columns: 400 }));
      }
      if (isLive) draw();
    },
    footer: (lines) => {
      footer = lines;
      if (isLive) draw();
      else o.out.write(lines.join('\n') + '\n');
    },
    end: () => {
      clearInterval(timer);
      if (isLive) draw();
    },
  };
}
