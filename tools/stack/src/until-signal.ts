/** A Ctrl-C comes to us twice when npm stands between: from the terminal and, passed on, from npm. */
const SAME_KEY_MS = 700;

/**
 * Waits to be told to end. The first SIGINT, SIGTERM or SIGHUP settles `told`; a second one, pressed later, calls `force`.
 */
export function untilSignal(force: () => void): { told: Promise<NodeJS.Signals>; forget(): void } {
  let first: number | undefined;
  let settle: (signal: NodeJS.Signals) => void = () => undefined;
  const told = new Promise<NodeJS.Signals>((resolve) => (settle = resolve));
  const hear = (signal: NodeJS.Signals): void => {
    const at = performance.now();
    if (first === undefined) {
      first = at;
      settle(signal);
    } else if (at - first > SAME_KEY_MS) {
      force();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, hear);
  return {
    told,
    forget: () => {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
