import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { buildApps } from '../build.ts';
import { dataFolder, ROOT } from '../paths.ts';
import { createScreen } from '../screen/screen.ts';
import { startStack, type Stack } from '../stack.ts';
import { clearOldRuns } from '../testing/clear-old-runs.ts';
import { runCommand } from '../testing/run-command.ts';
import { untilSignal } from '../until-signal.ts';
import { checkArguments } from './check-arguments.ts';

/** All clients of a benchmark come from one address, and each as fast as it can. */
const WITHOUT_LIMITS = {
  REGISTRATIONS_PER_IP: '1000000',
  LOGIN_ATTEMPTS_PER_IP: '1000000',
  SEND_RATE_PER_SECOND: '0',
  SOCKET_EVENTS_PER_SECOND: '1000000',
  SOCKET_EVENTS_BURST: '1000000',
};

/**
 * `npm run bench`: a stack of its own as in production, on free ports and fresh data, and the benchmark against it.
 * The benchmark gets `{urls, gateways, env, pids}` as JSON in PARLEY_BENCH_STACK, and all arguments. `--instances 2` runs so many
 * of chat-api and of the gateway side by side.
 *
 * @returns the benchmark's exit code; 2 for arguments that it doesn't know, before anything is started
 */
export async function bench(args: readonly string[]): Promise<number> {
  const refused = await checkArguments('bench', args);
  if (refused !== undefined) return refused;
  const instances = readInstances(args);
  await clearOldRuns();
  const dataDir = dataFolder(`bench-${process.pid}`);
  const ending = new AbortController();
  const signal = untilSignal(() => process.exit(130));
  const told = signal.told.then(() => ending.abort());
  // Figures for programs stand alone.
  const out = args.includes('--json') ? process.stderr : process.stdout;
  const screen = createScreen({ title: 'Parley, a stack for the benchmark', out, plain: false });
  const stack = await startStack({
    dataDir,
    nodeEnv: 'production',
    // The engine alone is measured without others that use it.
    ...(args[0] === 'mongo' ? { apps: [] } : {}),
    instances: { 'chat-api': instances, 'realtime-gateway': instances },
    env: { ...WITHOUT_LIMITS, JWT_PRIVATE_KEY: freshKey() },
    build: () => buildApps({ dataDir, listen: screen.listen, signal: ending.signal }),
    listen: screen.listen,
    signal: ending.signal,
  });
  try {
    await Promise.race([stack.ready, told]);
    screen.end();
    return await runCommand({
      command: process.execPath,
      args: ['--conditions=@parley/source', '--import', 'tsx', join(ROOT, 'tools/bench/src/main.ts'), ...args],
      env: {
        NODE_ENV: 'production',
        PARLEY_BENCH_STACK: JSON.stringify({
          urls: stack.urls,
          gateways: gatewaysOf(stack),
          env: stack.env,
          pids: stack.pids(),
        }),
      },
      signal: ending.signal,
    });
  } finally {
    screen.end();
    await stack.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
    signal.forget();
  }
}

/** Of arguments that the benchmark has found good. */
function readInstances(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { instances: { type: 'string' } }, strict: false });
  return Number(values.instances ?? 1);
}

function gatewaysOf({ instances }: Stack): string[] {
  return Object.entries(instances).flatMap(([name, { url }]) => (name.startsWith('realtime-gateway') ? [url] : []));
}

/** Production wants a signing key from outside; this one lives as long as the run. */
function freshKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
