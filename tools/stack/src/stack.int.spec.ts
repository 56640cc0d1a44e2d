import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { StackEvent } from './events.ts';
import { isFolderInUse } from '@parley/service-kit/process';
import { findLeftovers } from './leftovers.ts';
import { answersUrl } from './probe.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';

let dataDir: string;
let stack: Stack | undefined;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'parley-stack-'));
});
afterEach(async () => {
  await stack?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const URLS = ['MONGO_URI', 'RABBITMQ_URL', 'REDIS_URL', 'S3_ENDPOINT'] as const;

/** No engine is given, whatever the run that this spec belongs to has in its environment. */
async function startEngines(listen?: (event: StackEvent) => void): Promise<Stack> {
  const none = {
    mongoUri: undefined,
    rabbitUrl: undefined,
    redisUrl: undefined,
    s3Endpoint: undefined,
    s3Bucket: undefined,
  };
  stack = await startStack({ dataDir, apps: [], engines: none, ...(listen ? { listen } : {}) });
  await stack.ready;
  return stack;
}

function redis(url: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) }, () =>
      socket.write(command + '\r\n'),
    );
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
    socket.on('error', reject);
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await condition()) return;
    await sleep(100);
  }
  throw new Error('it did not come about within 20 s');
}

it('starts engines of its own, restarts one that is killed, and finds its data again', async () => {
  const events: StackEvent[] = [];
  const first = await startEngines((event) => events.push(event));
  for (const name of URLS) expect(await answersUrl(first.env[name]!)).toBe(true);
  expect(Object.keys(first.pids()).sort()).toEqual(['epmd', 'mongodb', 'rabbitmq', 'redis', 's3']);
  await redis(first.env['REDIS_URL']!, 'SET kept yes');
  await sleep(1200); // appendfsync everysec

  const before = first.pids()['redis'];
  await first.kill('redis', 'SIGKILL');
  await until(async () => first.pids()['redis'] !== before && (await answersUrl(first.env['REDIS_URL']!)));
  expect(events).toContainEqual({ type: 'note', text: 'redis ended (SIGKILL) and is started again' });
  expect(await redis(first.env['REDIS_URL']!, 'GET kept')).toContain('yes');

  await first.stop();
  expect(findLeftovers(dataDir)).toEqual([]);
  expect(isFolderInUse(dataDir)).toBe(false);

  const second = await startEngines();
  expect(await redis(second.env['REDIS_URL']!, 'GET kept')).toContain('yes');
  expect(await answersUrl(second.env['RABBITMQ_URL']!)).toBe(true);
}, 90_000);

it('keeps down what it is told to, and lets nobody else work in its folder', async () => {
  const running = await startEngines();
  await running.kill('redis', 'SIGKILL', { stayDown: true });
  await expect(startStack({ dataDir, apps: [] })).rejects.toThrow(/already runs/);
  expect(isFolderInUse(dataDir)).toBe(true);
  await sleep(1500);
  expect(running.pids()['redis']).toBeUndefined();
  await running.start('redis');
  expect(await answersUrl(running.env['REDIS_URL']!)).toBe(true);
}, 60_000);
