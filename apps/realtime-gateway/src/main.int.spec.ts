import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from '@parley/testing';
import { describe, expect, it } from 'vitest';

const ENTRY = fileURLToPath(new URL('./main.ts', import.meta.url));
const NOWHERE = { REDIS_URL: 'redis://127.0.0.1:9', RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:9' };

function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--conditions=@parley/source', '--import', 'tsx', ENTRY], {
    env: { PATH: String(process.execPath), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, exit, output: () => output };
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return String(port);
}

describe('the process', () => {
  it('starts without any engine, says that it is not ready, and ends in order', async () => {
    const [PORT, HEALTH_PORT] = [await freePort(), await freePort()];
    const { child, exit, output } = start({ ...NOWHERE, PORT, HEALTH_PORT });
    const health = (path: string) => fetch(`http://127.0.0.1:${HEALTH_PORT}/health/${path}`);
    await eventually(async () => expect((await health('live')).status).toBe(200), { timeoutMs: 25_000 });
    const ready = await health('ready');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ checks: { rabbitmq: false, accepting: true } });
    // It takes people in all the same, some seconds later.
    const fromOutside = () => fetch(`http://127.0.0.1:${PORT}/health/live`);
    await eventually(async () => expect((await fromOutside()).status).toBe(404), { timeoutMs: 25_000 });
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(output()).not.toMatch(/unhandled/);
  });

  it('refuses production without addresses, and names them', async () => {
    const { exit, output } = start({ NODE_ENV: 'production' });
    expect(await exit).toBe(1);
    expect(output()).toMatch(/RABBITMQ_URL[^]*REDIS_URL[^]*PUBLIC_ORIGINS/);
  });
});
