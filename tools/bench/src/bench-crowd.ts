import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { nextMessage, startChild } from './child.ts';
import { sampleCpu } from './cpu.ts';
import type { BenchStack } from './env.ts';
import { gatherCrowd, type Crowd } from './gather-crowd.ts';
import { residentBytes } from './memory.ts';
import type { BenchPlan } from './options.ts';
import { registerPeople } from './prepare-pairs.ts';
import { createProgress, type Progress } from './progress.ts';
import { renderCrowd } from './render-crowd.ts';

/** Tabs and devices of one person: registering costs a password hash each. */
const CONNECTIONS_PER_PERSON = 5;
/** Those who come while nothing is to be measured but memory. */
const IDLE_AT_ONCE = 100;
const WARM_UP = 200;
/** The memory of what was needed only for connecting is given back within some collections. */
const SETTLE_MS = 15_000;

export type CrowdMeasured = Omit<Crowd, 'leave'> & {
  connections: number;
  bytesPerConnection: number;
  /** CPU-seconds while they connected, by process. */
  cpu: Record<string, number>;
};

/**
 * `--storm 2000`: as many connections at once, as after the end of a gateway. `--idle 5000`: what a connection costs that says nothing.
 * Both are measured of Parley's gateways and of the bare relay.
 *
 * @returns the exit code
 */
export async function benchCrowd(
  plan: Extract<BenchPlan, { subject: 'storm' | 'idle' }>,
  { urls, gateways, pids }: BenchStack,
): Promise<number> {
  const progress = createProgress();
  const { connections, subject } = plan;
  const atOnce = subject === 'storm' ? connections : IDLE_AT_ONCE;
  const people = await registerPeople(urls.api, Math.ceil(connections / CONNECTIONS_PER_PERSON), progress);
  const tokens = Array.from({ length: connections }, (_none, at) => people[at % people.length]?.token ?? '');
  const parley = await measureCrowd({ name: 'Parley', urls: gateways, pids, tokens, atOnce, progress });

  const relay = startChild('./bare-relay.ts');
  const { port } = await nextMessage<{ port: number }>(relay);
  const bare = await measureCrowd({
    name: 'bare Socket.IO',
    urls: [`http://127.0.0.1:${port}`],
    pids: { 'realtime-gateway': relay.pid ?? 0 },
    tokens: tokens.map(() => randomUUID()),
    atOnce,
    progress,
  });
  relay.disconnect();
  progress.end();

  const result = { subject, parley, bare };
  process.stdout.write(`${plan.json ? JSON.stringify(result, null, 2) : renderCrowd(result)}\n`);
  return parley.failed === 0 ? 0 : 1;
}

async function measureCrowd(o: {
  name: string;
  urls: string[];
  pids: Record<string, number>;
  tokens: string[];
  atOnce: number;
  progress: Progress;
}): Promise<CrowdMeasured> {
  const gateways = Object.entries(o.pids).flatMap(([name, pid]) => (name.startsWith('realtime-gateway') ? [pid] : []));
  const memory = (): number => gateways.reduce((sum, pid) => sum + residentBytes(pid), 0);
  o.progress(`${o.name}: warming up`);
  const first = await gatherCrowd({ urls: o.urls, tokens: o.tokens.slice(0, WARM_UP), atOnce: o.atOnce });
  first.leave();
  await sleep(SETTLE_MS / 3);

  const before = { memory: memory(), cpu: sampleCpu(o.pids) };
  o.progress(`${o.name}: connecting ${o.tokens.length}`);
  const crowd = await gatherCrowd({ urls: o.urls, tokens: o.tokens, atOnce: o.atOnce });
  const cpu = Object.fromEntries(
    Object.entries(sampleCpu(o.pids)).map(([name, seconds]) => [name, seconds - (before.cpu[name] ?? 0)]),
  );
  o.progress(`${o.name}: idle`);
  await sleep(SETTLE_MS);
  const connections = o.tokens.length - crowd.failed;
  const bytesPerConnection = (memory() - before.memory) / Math.max(1, connections);
  crowd.leave();
  const { readyMs, lastMs, failed } = crowd;
  return { readyMs, lastMs, failed, connections, bytesPerConnection, cpu };
}
