import { EnvError } from './env.ts';

/**
 * Runs a program's `main`. When it cannot start, the reason is printed to stderr (an environment error as its bare lines,
 * anything else with its stack) and the process ends with exit code 1.
 */
export async function runMain(service: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const text = `${service} cannot start: ${describe(error)}\n`;
    // Exit only once the reason is out: a pipe may take it later.
    process.stderr.write(text, () => process.exit(1));
  }
}

function describe(error: unknown): string {
  if (error instanceof EnvError) return `the environment is not valid\n${error.message.replace(/^/gm, '  ')}`;
  if (!(error instanceof Error)) return String(error);
  // A system error (a busy port, say) explains itself in its message.
  return 'syscall' in error ? error.message : (error.stack ?? error.message);
}
