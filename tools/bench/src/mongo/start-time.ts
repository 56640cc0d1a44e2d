import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * How long the embedded engine takes from its start to "listening" with the data it has now, in milliseconds: a second one,
 * started the same way on a copy. Undefined for a MongoDB, and where there is no /proc.
 */
export async function measureStart(pid: number): Promise<number | undefined> {
  const args = readCommand(pid);
  const at = args?.indexOf('--data') ?? -1;
  const folder = args?.[at + 1];
  if (!args || at < 0 || folder === undefined) return undefined;
  const cwd = readlinkSync(`/proc/${pid}/cwd`);
  const copy = resolve(cwd, `${folder}-copy`);
  cpSync(resolve(cwd, folder, 'data'), resolve(copy, 'data'), { recursive: true });
  const [program = '', ...rest] = args.map((arg, i) => (i === at + 1 ? copy : args[i - 1] === '--port' ? '0' : arg));
  const beganAt = performance.now();
  const child = spawn(program, rest, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    return performance.now() - beganAt;
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(copy, { recursive: true, force: true });
  }
}

function readCommand(pid: number): string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return undefined;
  }
}
