import type { KeyboardEvent } from 'react';

type Place = { left: number; top: number };

/** Below or above by more than this is another row. */
const ROW_SLACK_PX = 4;

/** In cells: more than two rows have. */
const NEAR = 60;

/** The one of `places` that an arrow key leads to from `at`: the neighbour in reading order, or the nearest of the next row. Where there is none, `at`. */
export function stepInGrid(places: readonly Place[], at: number, key: string): number {
  const from = places[at];
  if (from === undefined) return 0;
  if (key === 'ArrowRight') return Math.min(places.length - 1, at + 1);
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  const down = key === 'ArrowDown';
  const isBeyond = ({ top }: Place) => (down ? top - from.top : from.top - top) > ROW_SLACK_PX;
  const beyond = places.filter(isBeyond).map(({ top }) => top);
  if (beyond.length === 0) return at;
  const row = down ? Math.min(...beyond) : Math.max(...beyond);
  let best = at;
  let distance = Number.POSITIVE_INFINITY;
  for (const [index, { left, top }] of places.entries()) {
    if (Math.abs(top - row) > ROW_SLACK_PX || Math.abs(left - from.left) >= distance) continue;
    best = index;
    distance = Math.abs(left - from.left);
  }
  return best;
}

/** Arrow keys walk over everything marked `data-cell` within, month after month. */
export function walkGrid(event: KeyboardEvent<HTMLElement>): void {
  if (!['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp'].includes(event.key)) return;
  const cells = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-cell]')];
  const at = cells.indexOf(document.activeElement as HTMLElement);
  if (at === -1) return;
  event.preventDefault();
  // Of thousands only those around are measured.
  const from = Math.max(0, at - NEAR);
  const around = cells.slice(from, at + NEAR + 1);
  const places = around.map((cell) => cell.getBoundingClientRect());
  around[stepInGrid(places, at - from, event.key)]?.focus();
}
