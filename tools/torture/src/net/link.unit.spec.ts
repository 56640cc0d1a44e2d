import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { createLink, type Link } from './link.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function echo(name: string): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => socket.write(`${name}:${String(chunk)}`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  open.push(server);
  return { port: (server.address() as AddressInfo).port, server };
}
async function linkTo(...ports: number[]): Promise<Link> {
  const link = await createLink({ name: 'spec', targets: () => ports });
  open.unshift(link);
  return link;
}
async function ask(link: Link, text: string): Promise<string> {
  const socket: Socket = connect(link.port, '127.0.0.1');
  socket.write(text);
  try {
    const [answer] = (await once(socket, 'data')) as [Buffer];
    return String(answer);
  } finally {
    socket.destroy();
  }
}

it('takes the targets in turn, and the next one where nobody listens', async () => {
  const [one, two] = [await echo('one'), await echo('two')];
  const link = await linkTo(one.port, two.port);
  expect(new Set([await ask(link, 'x'), await ask(link, 'x')])).toEqual(new Set(['one:x', 'two:x']));
  one.server.close();
  await once(one.server, 'close');
  expect([await ask(link, 'x'), await ask(link, 'x')]).toEqual(['two:x', 'two:x']);
});

it('resets while cut, holds back while stalled, and is whole again afterwards', async () => {
  const link = await linkTo((await echo('one')).port);
  const socket = connect(link.port, '127.0.0.1');
  socket.write('a');
  await once(socket, 'data');
  const reset = once(socket, 'error');
  link.cut();
  await reset;
  await expect(ask(link, 'x')).rejects.toThrow(/ECONNRESET/);
  link.restore();

  link.stall();
  let answer: string | undefined;
  const asking = ask(link, 'x').then((text) => (answer = text));
  await sleep(100);
  expect(answer).toBeUndefined();
  link.restore();
  expect(await asking).toBe('one:x');
});
