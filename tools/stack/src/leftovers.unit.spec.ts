import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endLeftovers, findLeftovers, MARK, recordProcesses } from './leftovers.ts';
import { identify } from '@parley/service-kit/process';

const WAITS = 'setInterval(() => undefined, 1000); process.stdout.write("up")';
let folder: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parley-leftovers-'));
});
afterEach(() => {
  child?.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function startChild(env: Record<string, string>): Promise<number> {
  child = spawn(process.execPath, ['-e', WAITS], { env, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child.pid!;
}

describe('leftovers', () => {
  it('finds and ends a process that was noted', async () => {
    const pid = await startChild({});
    recordProcesses(folder, [pid]);
    expect(findLeftovers(folder).map((found) => found.pid)).toEqual([pid]);
    const ended = once(child!, 'exit');
    expect(await endLeftovers(folder)).toBe(1);
    await ended;
    expect(findLeftovers(folder)).toEqual([]);
  });

  it('leaves a process alone that only has the pid of one that was noted', async () => {
    const pid = await startChild({});
    writeFileSync(join(folder, 'processes.json'), JSON.stringify([{ pid, started: 'another time' }]));
    expect(await endLeftovers(folder)).toBe(0);
    expect(identify(pid)).toBeDefined();
  });

  it.runIf(process.platform === 'linux')('finds a process that nobody noted by its mark', async () => {
    const pid = await startChild({ [MARK]: folder });
    expect(findLeftovers(folder).map((found) => found.pid)).toEqual([pid]);
    expect(findLeftovers(`${folder}-of-another-clone`)).toEqual([]);
  });
});
