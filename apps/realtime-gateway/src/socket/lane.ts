export type Lane = {
  /** Runs `task` when it is its turn, in order; undefined when already too many wait. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined;
};

/**
 * A lane of one's own: of the tasks of one socket only `running` run at once, so that a burst of one client waits in its own
 * lane and not, in front of everybody, in the queues of the services.
 */
export function createLane(o: { running: number; waiting: number }): Lane {
  const line: (() => void)[] = [];
  let running = 0;

  const leave = (): void => {
    const next = line.shift();
    // The place passes on to the next one as it is.
    if (next) next();
    else running -= 1;
  };
  const enter = (): Promise<void> => {
    if (running < o.running) {
      running += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => line.push(resolve));
  };

  return {
    run: (task) => {
      if (running >= o.running && line.length >= o.waiting) return undefined;
      return enter().then(task).finally(leave);
    },
  };
}
