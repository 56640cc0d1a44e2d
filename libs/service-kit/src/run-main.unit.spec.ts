import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

/** A program of its own, since `runMain` ends the process. */
function run(body: string) {
  const source = `import { EnvError, runMain } from './index.ts'; await runMain('demo', async () => { ${body} });`;
  const args = ['--conditions=@parley/source', '--import', 'tsx', '--input-type=module', '--eval', source];
  return spawnSync(process.execPath, args, { cwd: import.meta.dirname, encoding: 'utf8' });
}

describe('runMain', () => {
  it('tells what is wrong with the environment and ends with 1, even while something keeps the process alive', () => {
    const { status, stderr } = run(`setInterval(() => {}, 1000); throw new EnvError('A: is not set\\nB: is bad');`);
    expect(stderr).toBe('demo cannot start: the environment is not valid\n  A: is not set\n  B: is bad\n');
    expect(status).toBe(1);
  }, 20_000);

  it('lets a program that starts be', () => {
    const { status, stderr, stdout } = run(`process.stdout.write('started')`);
    expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: 'started' });
  }, 20_000);
});
