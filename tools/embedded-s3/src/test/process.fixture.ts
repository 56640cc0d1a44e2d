import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GivenS3 } from './env.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const ROOT = join(import.meta.dirname, '..', '..', '..', '..');

export type SpawnedS3 = GivenS3 & { port: number; process: ChildProcess };

const ACCOUNT = { region: 'eu-central-1', accessKey: 'tester', secretKey: 'tested/secret' };

/** The endpoint in a process of its own, resolved once it says that it listens. */
export async function spawnS3(dataDir: string, o: { port?: number; more?: string[] } = {}): Promise<SpawnedS3> {
  const child = spawn(
    process.execPath,
    [
      ...['--conditions=@parley/source', '--import', 'tsx', MAIN],
      ...['--port', String(o.port ?? 0), '--data', dataDir, '--region', ACCOUNT.region],
      ...['--access-key', ACCOUNT.accessKey, '--secret-key', ACCOUNT.secretKey, '--bucket', 'test'],
      ...(o.more ?? []),
    ],
    { cwd: ROOT },
  );
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const match = /listening on (http:\S+), data in/.exec(output);
      if (match?.[1]) resolve(match[1]);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${String(code)}: ${output.trim()}`)));
  });
  return { ...ACCOUNT, endpoint, port: Number(new URL(endpoint).port), process: child };
}

/** Ends a process and waits until it is gone. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'embedded-s3-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
