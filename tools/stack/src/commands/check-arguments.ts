import { join } from 'node:path';
import { ROOT } from '../paths.ts';
import { runCommand } from '../testing/run-command.ts';

/**
 * Has a tool read its own arguments before anything is built or started for it. It says itself what is wrong, or what there is.
 * @param tool its folder in `tools`, with a `src/check-main.ts`
 * @returns the exit code to end with; undefined: go on
 */
export async function checkArguments(tool: string, args: readonly string[]): Promise<number | undefined> {
  const code = await runCommand({
    command: process.execPath,
    args: ['--conditions=@parley/source', '--import', 'tsx', join(ROOT, 'tools', tool, 'src/check-main.ts'), ...args],
    signal: new AbortController().signal,
  });
  const isHelp = args.includes('--help') || args.includes('-h');
  return code !== 0 || isHelp ? code : undefined;
}
