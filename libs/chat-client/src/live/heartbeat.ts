import type { Runtime } from '../ports.ts';

/** Runs `beat` again and again, `nextMs()` after the one before has ended, until it is stopped. A beat that fails is followed by the next. */
export type Heartbeat = { soon(): void; stop(): void };

export function startHeartbeat(beat: () => Promise<void>, nextMs: () => number, { clock, log }: Runtime): Heartbeat {
  let cancel: () => void = () => undefined;
  let stopped = false;
  let running = false;
  let again = false;

  const schedule = (ms: number) => {
    cancel();
    if (!stopped) cancel = clock.schedule(() => void run(), ms);
  };
  const run = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    await beat().catch((error: unknown) => log.info('the next comparison will tell', error));
    running = false;
    schedule(again ? 0 : nextMs());
    again = false;
  };
  schedule(nextMs());
  return {
    soon: () => void run(),
    stop: () => {
      stopped = true;
      cancel();
    },
  };
}
