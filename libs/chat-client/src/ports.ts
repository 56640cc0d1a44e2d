/** A number in [0, 1). */
export type Random = () => number;

/** Time, so that tests and simulations can make their own. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `run` once after `ms` milliseconds, unless the result is called before. */
  schedule(run: () => void, ms: number): () => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Where failures go that heal by themselves (`info`), and those that nobody expected (`error`). */
export type Log = {
  info(text: string, detail?: unknown): void;
  error(text: string, detail?: unknown): void;
};

/** What time, chance and noise are made of here. */
export type Runtime = { clock: Clock; random: Random; log: Log };

export const systemRuntime: Runtime = { clock: systemClock, random: Math.random, log: console };

/** What the device tells about its network and its screen. */
export type Device = {
  /** False only where the device knows that it has no network. */
  isOnline(): boolean;
  /** Reports changes until the result is called: `online` also when somebody comes back to a page that slept. */
  watch(on: { online(): void; offline(): void }): () => void;
};

/** A device that tells nothing, as a server is one. */
export const silentDevice: Device = { isOnline: () => true, watch: () => () => undefined };

/** Lets everything else run that waits for this thread. */
export const pause = (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(resolve, 0);
  });
