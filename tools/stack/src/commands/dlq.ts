import { join } from 'node:path';
import { findBrokerUrl } from '../engines/broker-url.ts';
import { readStackEnv } from '../env.ts';
import { dataFolder, ROOT } from '../paths.ts';
import { StackError } from '../stack-error.ts';
import { runCommand } from '../testing/run-command.ts';
import { untilSignal } from '../until-signal.ts';

/**
 * `npm run dlq`: what lies in the dead-letter queue of `RABBITMQ_URL`, or of the stack of this clone that is up. See `../dlq/main.ts`.
 * @returns the exit code
 */
export async function dlq(args: readonly string[]): Promise<number> {
  const url = await findBrokerUrl(readStackEnv().rabbitUrl, dataFolder);
  if (url === undefined) throw new StackError('No broker is up: set RABBITMQ_URL, or start a stack with `npm start`.');
  const ending = new AbortController();
  const signal = untilSignal(() => process.exit(130));
  void signal.told.then(() => ending.abort());
  try {
    return await runCommand({
      command: process.execPath,
      args: ['--conditions=@parley/source', '--import', 'tsx', join(ROOT, 'tools/stack/src/dlq/main.ts'), ...args],
      env: { RABBITMQ_URL: url },
      signal: ending.signal,
    });
  } finally {
    signal.forget();
  }
}
