import type { Runtime } from '../ports.ts';

/** Catches up once at a time; who asks meanwhile makes it go on. */
export type Catcher = {
  /** Something is known to be missing: soon, since pushes that are on their way may bring it, or now. */
  fetch(o: { now: boolean }): void;
  /** Asks the server whether anything is missing, and ends when nothing is. Rejects where nobody answers. */
  ask(): Promise<void>;
  stop(): void;
};

/** How long a push that was overtaken by the next may take to come. */
const GAP_MS = 250;

export function createCatcher(o: {
  catchUp(options: { ask: boolean }): Promise<void>;
  onRunning(running: boolean): void;
  runtime: Runtime;
}): Catcher {
  const { clock, log } = o.runtime;
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let again: { ask: boolean } | undefined;

  async function loop(first: { ask: boolean }): Promise<void> {
    o.onRunning(true);
    try {
      for (let next: { ask: boolean } | undefined = first; next !== undefined; next = again) {
        again = undefined;
        await o.catchUp(next);
      }
    } finally {
      again = undefined;
      running = undefined;
      o.onRunning(false);
    }
  }
  const run = (options: { ask: boolean }): Promise<void> => {
    cancel?.();
    cancel = undefined;
    if (running === undefined) running = loop(options);
    else again = { ask: options.ask || again?.ask === true };
    return running;
  };
  const runAlone = () => void run({ ask: false }).catch((error: unknown) => log.info('heads will tell again', error));

  return {
    fetch: ({ now }) => {
      if (now || running !== undefined) runAlone();
      else cancel ??= clock.schedule(runAlone, GAP_MS);
    },
    ask: () => run({ ask: true }),
    stop: () => cancel?.(),
  };
}
