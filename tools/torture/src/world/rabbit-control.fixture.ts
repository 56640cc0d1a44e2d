import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from '@parley/stack';

const run = promisify(execFile);
const CTL = '/usr/lib/rabbitmq/bin/rabbitmqctl';

/**
 * A command of rabbitmqctl to the broker of a stack, which has a node name, a cookie and a port mapper of its own: they are read
 * from the environment of the running broker. Takes seconds, since it starts an Erlang machine.
 */
export async function rabbitControl(stack: Stack, dataDir: string, ...args: string[]): Promise<void> {
  const environment = Object.fromEntries(
    readFileSync(`/proc/${stack.pids()['rabbitmq']}/environ`, 'utf8')
      .split('\0')
      .filter((entry) => /^(HOME|RABBITMQ_NODENAME|ERL_EPMD_\w+)=/.test(entry))
      .map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
  await run(CTL, ['-n', environment['RABBITMQ_NODENAME'] ?? '', ...args], {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
    cwd: join(dataDir, 'rabbitmq'),
    timeout: 30_000,
  });
}
