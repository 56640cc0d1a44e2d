import { CommandError } from './errors.ts';

/** MongoDB's code of an operation that its time limit has ended. */
export const TIME_LIMIT = 50;
/** So many documents or keys are read between two looks at the clock. */
const CHECK_EVERY = 32;

let current = Infinity;
let read = 0;

/** The moment (of `performance.now()`) by which what runs now must be done. */
export const deadline = (): number => current;

/** Runs something, at once, that must be done by `until`. */
export function withDeadline<T>(until: number, run: () => T): T {
  const outer = current;
  current = until;
  try {
    return run();
  } finally {
    current = outer;
  }
}

/** Called for each document or key that is read; @throws MaxTimeMSExpired once the time is over */
export function checkDeadline(): void {
  if (current !== Infinity && ++read % CHECK_EVERY === 0 && performance.now() > current)
    throw new CommandError(TIME_LIMIT, 'operation exceeded time limit');
}
