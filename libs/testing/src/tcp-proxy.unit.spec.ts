import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTcpProxy } from './tcp-proxy.ts';
import type { TcpProxy } from './tcp-proxy.ts';

let echo: Server;
let proxy: TcpProxy;

beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => socket.destroy()).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await createTcpProxy({ target: { host: '127.0.0.1', port: (echo.address() as AddressInfo).port } });
});

afterEach(async () => {
  await proxy.close();
  echo.close();
});

describe('createTcpProxy', () => {
  it('carries bytes both ways, more than any buffer holds', async () => {
    const sent = Buffer.alloc(2_000_000, 'x');
    const client = connect(proxy.port, '127.0.0.1');
    client.end(sent);
    let received = 0;
    for await (const chunk of client) received += (chunk as Buffer).length;
    expect(received).toBe(sent.length);
  });

  it('resets connections while cut, and takes new ones once restored', async () => {
    const client = connect(proxy.port, '127.0.0.1');
    await once(client, 'connect');
    client.write('hello');
    await once(client, 'data');
    const broken = once(client, 'error');
    proxy.cut();
    await broken;

    const refused = connect(proxy.port, '127.0.0.1');
    await expect(once(refused, 'data')).rejects.toThrow(/ECONNRESET/);

    proxy.restore();
    const again = connect(proxy.port, '127.0.0.1');
    again.write('back');
    expect(String((await once(again, 'data'))[0])).toBe('back');
    again.destroy();
  });

  it('holds bytes back while paused and gives them on afterwards', async () => {
    const client = connect(proxy.port, '127.0.0.1');
    client.write('one');
    await once(client, 'data');
    proxy.pause();
    let heard = '';
    client.on('data', (chunk) => (heard += String(chunk)));
    client.write('two');
    await sleep(50);
    expect(heard).toBe('');
    proxy.resume();
    await once(client, 'data');
    expect(heard).toBe('two');
    client.destroy();
  });
});
