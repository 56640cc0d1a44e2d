import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { eventually } from '@parley/testing';

export type RunningMain = {
  port: number;
  pid: number;
  logs: string[];
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

const APP = new URL('../..', import.meta.url);

/** user-api as it really runs: its own process, from `main.ts`, with nothing but its environment. */
export async function runMainProcess(env: Record<string, string>): Promise<RunningMain> {
  const child = spawn(process.execPath, ['--conditions=@parley/source', '--import', 'tsx', 'src/main.ts'], {
    cwd: APP,
    env: { PATH: '/usr/bin:/bin', HOST: '127.0.0.1', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const logs: string[] = [];
  let port = 0;
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      logs.push(line);
      if (line.includes('"msg":"listening"')) port = (JSON.parse(line) as { port: number }).port;
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    return exited;
  };
  try {
    await eventually(
      () => {
        if (port === 0) throw new Error(`user-api does not listen:\n${logs.join('\n')}`);
      },
      { timeoutMs: 20_000 },
    );
  } catch (error) {
    await stop('SIGKILL');
    throw error;
  }
  return { port, pid: child.pid ?? 0, logs, stop };
}
