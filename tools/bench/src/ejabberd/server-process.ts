import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readPath } from '../env.ts';

export type Owner = { uid: number; gid: number };

type ProgramOptions = {
  command: string;
  args: readonly string[];
  /** Where it runs, and its home. */
  folder: string;
  env?: Record<string, string>;
  /** Whom it runs as; this process's user by default. */
  owner?: Owner | undefined;
};

export type ServerProcess = { pid: number; stop(): Promise<void> };

const START_MS = 30_000;
const STOP_MS = 5_000;
const SAID_MAX = 2_000;

/** Runs a program to its end. @throws with what it said last, when it fails */
export async function runProgram(o: ProgramOptions): Promise<void> {
  const { child, said } = launch(o);
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${o.command} ended with ${String(code)}: ${said()}`);
}

/** Starts a server and waits until its port is open. @throws with what it said last, when that doesn't come */
export async function startServer(
  o: ProgramOptions & { port: number; stopSignal: NodeJS.Signals },
): Promise<ServerProcess> {
  const { child, said } = launch(o);
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const stop = async (): Promise<void> => {
    if (isOver()) return;
    const gone = once(child, 'exit');
    child.kill(o.stopSignal);
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await gone;
    clearTimeout(late);
  };
  const deadline = performance.now() + START_MS;
  while (!(await isOpen(o.port))) {
    if (!isOver() && performance.now() < deadline) {
      await sleep(100);
      continue;
    }
    await stop();
    throw new Error(`${o.command} did not come up: ${said()}`);
  }
  return { pid: child.pid ?? 0, stop };
}

function launch({ command, args, folder, env, owner }: ProgramOptions): { child: ChildProcess; said: () => string } {
  const child = spawn(command, args, {
    cwd: folder,
    env: { PATH: readPath(), HOME: folder, LANG: 'C.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...owner,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-SAID_MAX)));
  // Told as an exit without a code.
  child.on('error', (error) => (output += error.message));
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  return { child, said: () => output.trim() };
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** So many ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
