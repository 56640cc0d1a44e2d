import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnv } from './env.ts';
import type { Group, ServiceState, StackListener } from './events.ts';
import { MARK } from './leftovers.ts';
import { beginLog, logTail, withLog } from './log-files.ts';
import { signalGroup } from './signal-group.ts';
import { StackError } from './stack-error.ts';

export type ProgramSpec = {
  name: string;
  group: Group;
  command: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  /** What the screen says beside the name: where it comes from and its port. */
  detail: string;
  isReady(): Promise<boolean>;
  /** Gives its ports back to it, and whatever else comes just before it starts. */
  prepare?(): Promise<void>;
  /** How long it may take to end before it is forced to (default 5,000 ms). */
  graceMs?: number;
  /** How long it may take to become ready before `start` rejects (default 90,000 ms); it is left running. */
  readyMs?: number;
};

export type Supervised = {
  name: string;
  group: Group;
  pid(): number | undefined;
  /** Starts it, if it is not running; settles when it is ready, rejects when it has failed for good. */
  start(): Promise<void>;
  /** Ends it; it stays ended. */
  stop(): Promise<void>;
  /** Sends a signal to it and its children. One that dies of it is started again, unless it has to stay down. */
  kill(signal: NodeJS.Signals, o?: { stayDown?: boolean }): Promise<void>;
};

const BOOT_TRIES = 3;
const BACKOFF = { minMs: 250, maxMs: 5000 };
/** Up for this long, it counts as well again: the next restart comes at once. */
const WELL_AFTER_MS = 20_000;

/** Runs one program, restarts it when it dies, and says what happens. */
export function supervise(
  spec: ProgramSpec,
  o: { dataDir: string; listen: StackListener; onProcess: () => void },
): Supervised {
  let child: ChildProcess | undefined;
  let isWanted = false;
  let running: Promise<void> | undefined;
  let hasBegunLog = false;

  const say = (state: ServiceState, detail = spec.detail) =>
    o.listen({ type: 'state', group: spec.group, name: spec.name, state, detail });

  const launch = (): ChildProcess => {
    if (!hasBegunLog) beginLog(o.dataDir, spec.name);
    hasBegunLog = true;
    const env = childEnv({ ...spec.env, [MARK]: o.dataDir });
    const started = withLog(o.dataDir, spec.name, (log) =>
      // A group of its own: Ctrl-C reaches only us, and we end things in their order.
      spawn(spec.command, spec.args, { cwd: spec.cwd, env, detached: true, stdio: ['ignore', log, log] }),
    );
    child = started;
    o.onProcess();
    return started;
  };

  const untilReadyOrGone = async (of: ChildProcess, onLate: (error: Error) => void): Promise<boolean> => {
    const readyMs = spec.readyMs ?? 90_000;
    const deadline = Date.now() + readyMs;
    while (!isGone(of)) {
      if (await spec.isReady()) return !isGone(of);
      if (Date.now() > deadline) {
        const said = logTail(o.dataDir, spec.name);
        onLate(new StackError(`${spec.name} was not ready within ${readyMs / 1000} s.\n${said}`));
      }
      await sleep(100);
    }
    return false;
  };

  const backOff = async (failures: number): Promise<void> => {
    const until = Date.now() + Math.min(BACKOFF.maxMs, BACKOFF.minMs * 2 ** (failures - 1));
    while (isWanted && Date.now() < until) await sleep(50);
  };

  const run = async (onReady: () => void, onFailed: (error: Error) => void): Promise<void> => {
    let hasBeenReady = false;
    let failures = 0;
    while (isWanted) {
      say(hasBeenReady || failures > 0 ? 'restarting' : 'starting');
      await spec.prepare?.();
      if (!isWanted) break;
      const current = launch();
      const gone = untilGone(current);
      const began = Date.now();
      if (await untilReadyOrGone(current, onFailed)) {
        hasBeenReady = true;
        if (isWanted) say('ready');
        onReady();
      }
      const reason = await gone;
      if (current.pid !== undefined) signalGroup(current.pid, 'SIGKILL');
      if (!isWanted) break;
      failures = Date.now() - began > WELL_AFTER_MS ? 1 : failures + 1;
      if (!hasBeenReady && failures >= BOOT_TRIES) {
        isWanted = false;
        say('failed', reason);
        onFailed(new StackError(`${spec.name} does not start (${reason}).\n${logTail(o.dataDir, spec.name)}`));
        return;
      }
      o.listen({ type: 'note', text: `${spec.name} ended (${reason}) and is started again` });
      say('restarting', reason);
      await backOff(failures);
    }
    say('stopped');
    onFailed(new StackError(`${spec.name} was ended before it was ready`));
  };

  return {
    name: spec.name,
    group: spec.group,
    pid: () => (child && !isGone(child) ? child.pid : undefined),
    start: async () => {
      if (isWanted) return;
      await running;
      isWanted = true;
      await new Promise<void>((resolve, reject) => {
        running = run(resolve, reject).catch(reject);
      });
    },
    stop: async () => {
      isWanted = false;
      if (child && !isGone(child)) await endGroup(child, spec.graceMs ?? 5000);
      await running;
    },
    kill: async (signal, { stayDown = false } = {}) => {
      if (stayDown) isWanted = false;
      if (!child || isGone(child) || child.pid === undefined) return;
      const gone = untilGone(child);
      signalGroup(child.pid, signal);
      if (signal === 'SIGKILL' || stayDown) await gone;
    },
  };
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null || !child.pid;

async function untilGone(child: ChildProcess): Promise<string> {
  if (!child.pid) {
    const [error] = (await once(child, 'error')) as [Error];
    return error.message;
  }
  if (!isGone(child)) await once(child, 'exit');
  return child.signalCode ?? `exit code ${child.exitCode}`;
}

async function endGroup(child: ChildProcess, graceMs: number): Promise<void> {
  if (!child.pid) return;
  const gone = untilGone(child);
  signalGroup(child.pid, 'SIGTERM');
  signalGroup(child.pid, 'SIGCONT'); // one that is paused has to hear it too
  const timer = new AbortController();
  await Promise.race([gone, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
  timer.abort();
  if (!isGone(child)) signalGroup(child.pid, 'SIGKILL');
  await gone;
}
