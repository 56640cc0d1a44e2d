import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { startEmbeddedMongo } from '../server.ts';

export type TestEngine = {
  uri: string;
  port: number;
  client: MongoClient;
  db: Db;
  expire(): Promise<number>;
  stop(): Promise<void>;
};

/** An engine in this process with data that goes away, and a client on a database of its own. */
export async function startTestEngine(options: { testCommands?: boolean } = {}): Promise<TestEngine> {
  const engine = await startEmbeddedMongo({ port: 0, ephemeral: true, ...options });
  const client = await new MongoClient(engine.uri).connect();
  return {
    uri: engine.uri,
    port: engine.port,
    client,
    db: client.db('test'),
    expire: () => engine.expire(new Date()),
    async stop() {
      await client.close();
      await engine.close();
    },
  };
}

const MAIN = join(import.meta.dirname, '..', 'main.ts');
export const ROOT = join(import.meta.dirname, '..', '..', '..', '..');
export const FROM_SOURCE = ['--conditions=@parley/source', '--import', 'tsx', MAIN];

/** The engine as one file, which starts in a fraction of the time; gives the arguments that Node starts it with. */
export async function bundleEngine(): Promise<string[]> {
  const outfile = join(import.meta.dirname, '..', '..', 'out-tsc', 'engine', `main-${process.pid}.mjs`);
  await build({ entryPoints: [MAIN], outfile, bundle: true, platform: 'node', format: 'esm', external: ['lmdb'] });
  return [outfile];
}

export type SpawnedEngine = { uri: string; port: number; process: ChildProcess; output: () => string };

/** An engine in a process of its own, resolved once it says that it listens. */
export async function spawnEngine(dataDir: string, port = 0, program = FROM_SOURCE): Promise<SpawnedEngine> {
  const child = spawn(process.execPath, [...program, '--port', String(port), '--data', dataDir], { cwd: ROOT });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const listening = new Promise<number>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const match = /listening on [\d.]+:(\d+), data in/.exec(output);
      if (match) resolve(Number(match[1]));
    });
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)}: ${output.trim()}`)));
  });
  const taken = await listening;
  return {
    uri: `mongodb://127.0.0.1:${taken}/?directConnection=true`,
    port: taken,
    process: child,
    output: () => output,
  };
}

/** Ends a process at once and waits until it is gone. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'embedded-mongo-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
