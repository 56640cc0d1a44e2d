import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findBrokerUrl } from './broker-url.ts';

let root: string;
let server: Server;
const folderOf = (mode: string): string => join(root, mode);
const configure = (mode: string, folder: string, port: number): void => {
  mkdirSync(join(root, mode, folder), { recursive: true });
  const lines = [`listeners.tcp.1 = 127.0.0.1:${port}`, 'default_user = parley', 'default_pass = secret', ''];
  writeFileSync(join(root, mode, folder, 'rabbitmq.conf'), lines.join('\n'));
};

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'parley-broker-'));
  server = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(root, { recursive: true });
});

it('is what the environment says, else the broker of a stack that is up', async () => {
  const { port } = server.address() as AddressInfo;
  expect(await findBrokerUrl(undefined, folderOf)).toBeUndefined();
  configure('start', 'rabbitmq', 1);
  expect(await findBrokerUrl(undefined, folderOf)).toBeUndefined();
  configure('dev', 'rabbitmq-guest', port);
  expect(await findBrokerUrl(undefined, folderOf)).toBe(`amqp://parley:secret@127.0.0.1:${port}`);
  expect(await findBrokerUrl('amqp://elsewhere', folderOf)).toBe('amqp://elsewhere');
});
