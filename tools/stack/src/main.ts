import { bench } from './commands/bench.ts';
import { dev } from './commands/dev.ts';
import { dlq } from './commands/dlq.ts';
import { engines } from './commands/engines.ts';
import { start } from './commands/start.ts';
import { test } from './commands/test.ts';
import { torture } from './commands/torture.ts';
import { StackError } from './stack-error.ts';

const COMMANDS: Record<string, (args: readonly string[]) => Promise<number>> = {
  start,
  dev,
  engines,
  test,
  bench,
  torture,
  dlq,
};

/** @returns the exit code of the whole run */
export async function main(command: string, args: readonly string[]): Promise<number> {
  const run = COMMANDS[command];
  if (!run) {
    process.stderr.write(`Which command? ${Object.keys(COMMANDS).join(', ')}\n`);
    return 2;
  }
  try {
    return await run(args);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
