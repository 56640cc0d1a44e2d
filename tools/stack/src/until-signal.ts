import { readStackEnv } from './env.ts';
import { npmParents } from './npm-parents.ts';
import { isRunning } from '@parley/service-kit/process';

/** A Ctrl-C comes to us twice when npm stands between: from the terminal and, passed on, from npm. */
const SAME_KEY_MS = 700;

/** How often it is looked whether npm still lives. */
const LOOK_MS = 500;

/**
 * Waits to be told to end. The first SIGINT, SIGTERM or SIGHUP settles `told`; a second one, pressed later, calls `force`.
 * The end of the npm that runs us counts as SIGTERM.
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
  const parents = readStackEnv().isUnderNpm ? npmParents() : [];
  const look = () => first === undefined && !parents.every(isRunning) && hear('SIGTERM');
  const looking = setInterval(look, LOOK_MS).unref();
  return {
    told,
    forget: () => {
      clearInterval(looking);
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
