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
/** When to look again for what the server knew to be there, but did not give. */
const AGAIN_MS = 2_000;

export function createCatcher(o: {
  /** Resolves to whether something is still missing: the server may be slower than what told of it. */
  catchUp(options: { ask: boolean }): Promise<boolean>;
  onRunning(running: boolean): void;
  runtime: Runtime;
}): Catcher {
  const { clock, log } = o.runtime;
  let cancel: (() => void) | undefined;
  let running: Promise<void> | undefined;
  let again: { ask: boolean } | undefined;
  let stopped = false;

  async function loop(first: { ask: boolean }): Promise<void> {
    o.onRunning(true);
    let isBehind = false;
    try {
      for (let next: { ask: boolean } | undefined = first; next !== undefined; next = again) {
        again = undefined;
        isBehind = await o.catchUp(next);
      }
      if (isBehind && !stopped) cancel ??= clock.schedule(runAlone, AGAIN_MS);
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
  const runAlone = (): void =>
    void run({ ask: false }).catch((error: unknown) => log.info('heads will tell again', error));

  return {
    fetch: ({ now }) => {
      if (now || running !== undefined) runAlone();
      else cancel ??= clock.schedule(runAlone, GAP_MS);
    },
    ask: () => run({ ask: true }),
    stop: () => {
      stopped = true;
      cancel?.();
    },
  };
}
