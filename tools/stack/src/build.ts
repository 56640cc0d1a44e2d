import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { APPS, type AppName } from './apps.ts';
import { childEnv } from './env.ts';
import type { StackListener } from './events.ts';
import { MARK } from './leftovers.ts';
import { beginLog, logFile, logTail } from './log-files.ts';
import { NX, ROOT } from './paths.ts';
import { signalGroup } from './signal-group.ts';
import { StackError } from './stack-error.ts';

/**
 * Builds what is stale of the apps and the embedded engines; Nx's cache, which lies in this clone, has the rest.
 * @throws StackError with the end of what the build said
 */
export function buildApps(o: {
  dataDir: string;
  listen: StackListener;
  /** Default: all. */
  apps?: readonly AppName[];
  signal?: AbortSignal;
}): Promise<void> {
  const say = (state: 'starting' | 'ready' | 'failed', detail: string) =>
    o.listen({ type: 'state', group: 'build', name: 'build', state, detail });
  const projects = [
    ...(o.apps ?? APPS).map((app) => `@parley/${app}`),
    '@parley/embedded-mongo',
    '@parley/embedded-s3',
  ];
  beginLog(o.dataDir, 'build');
  say('starting', `${projects.length} projects`);
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [NX, 'run-many', '-t', 'build', 'bundle', '-p', projects.join(','), '--output-style=stream', '--skipSync'],
      {
        cwd: ROOT,
        env: childEnv({ NODE_ENV: undefined, FORCE_COLOR: undefined, NO_COLOR: '1', [MARK]: o.dataDir }),
        detached: true, // a group of its own, so that an abort ends Nx together with what it runs
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const keep = (chunk: Buffer) => {
      appendFileSync(logFile(o.dataDir, 'build'), chunk);
      const task = [...String(chunk).matchAll(/^> nx run @parley\/(\S+)/gm)].at(-1)?.[1];
      if (task !== undefined) say('starting', task);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    o.signal?.addEventListener('abort', () => child.pid !== undefined && signalGroup(child.pid, 'SIGKILL'), {
      once: true,
    });
    child.on('close', (code) => {
      if (code === 0) {
        say('ready', `${projects.length} projects`);
        resolve();
      } else {
        say('failed', `exit code ${code}`);
        reject(new StackError(`The build failed:\n${logTail(o.dataDir, 'build', 40)}`));
      }
    });
  });
}
