import { spawn } from 'node:child_process';
import { childEnv } from '../env.ts';
import { ROOT } from '../paths.ts';
import { signalGroup } from '../signal-group.ts';

/**
 * Runs a program to its end, showing what it says.
 * @returns its exit code; 1 when it could not be run or died of a signal
 */
export function runCommand(o: {
  command: string;
  args: readonly string[];
  env?: Record<string, string | undefined>;
  /** Ends it, and all it has started. */
  signal: AbortSignal;
}): Promise<number> {
  return new Promise((resolve) => {
    if (o.signal.aborted) return resolve(1);
    const child = spawn(o.command, o.args, {
      cwd: ROOT,
      env: childEnv(o.env),
      detached: true, // a group of its own, so that Ctrl-C ends things in their order
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const end = () => {
      if (child.pid === undefined) return;
      const { pid } = child;
      signalGroup(pid, 'SIGTERM');
      setTimeout(() => signalGroup(pid, 'SIGKILL'), 3000).unref();
    };
    const kill = () => void (child.pid !== undefined && signalGroup(child.pid, 'SIGKILL'));
    process.once('exit', kill);
    o.signal.addEventListener('abort', end, { once: true });
    child.on('error', (error) => {
      process.stderr.write(`${o.command}: ${error.message}\n`);
      resolve(1);
    });
    child.on('close', (code) => {
      o.signal.removeEventListener('abort', end);
      process.off('exit', kill);
      resolve(code ?? 1);
    });
  });
}
