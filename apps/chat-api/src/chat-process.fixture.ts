import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { Env } from './env.ts';
import { isReady } from './chat-instance.fixture.ts';

export type ChatProcess = {
  url: string;
  /** Ends it at once, as a crash does. */
  kill(): Promise<void>;
  /** Asks it to end; gives its exit code. */
  terminate(): Promise<number | null>;
};

/** chat-api as a process of its own, so that it can be killed. Ready, unless told not to wait. */
export async function spawnChatApi(env: Env, o: { awaitReady?: boolean } = {}): Promise<ChatProcess> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['--conditions=@parley/source', '--import', 'tsx', `${import.meta.dirname}/main.ts`],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: '/usr/bin:/bin',
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])),
        LOG_LEVEL: 'silent',
        PORT: String(port),
      },
    },
  );
  // A spec that fails halfway must not leave it behind.
  process.once('exit', () => child.kill('SIGKILL'));
  const url = `http://127.0.0.1:${port}`;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  };
  if (o.awaitReady ?? true) await isReady({ url });
  return { url, kill: async () => void (await end('SIGKILL')), terminate: () => end('SIGTERM') };
}

/** Restarts must find the same kind of address; a port asked for as 0 would only be known from a log. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
