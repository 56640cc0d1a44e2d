import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Stack } from './stack.ts';

/** Where another process, such as Playwright, can kill and restart the programs of a stack. */
export type ControlAddress = { url: string; token: string };

export type StackControl = Pick<Stack, 'start' | 'restart' | 'kill'> & {
  stop(name: string): Promise<void>;
  pids(): Promise<Record<string, number>>;
};

type Order = {
  action: 'start' | 'restart' | 'stop' | 'kill' | 'pids';
  name?: string;
  signal?: NodeJS.Signals;
  stayDown?: boolean;
};

/** Serves a stack's handle on loopback, to whoever knows the token. */
export async function serveControl(stack: Stack): Promise<ControlAddress & { close(): void }> {
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${token}`);
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const isAllowed = given.length === wanted.length && timingSafeEqual(given, wanted);
      const outcome = isAllowed ? carryOut(stack, body) : Promise.reject(new Error('wrong token'));
      outcome.then(
        (result) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? {})),
        (error: unknown) => response.writeHead(400).end(error instanceof Error ? error.message : String(error)),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function carryOut(stack: Stack, body: string): Promise<unknown> {
  const { action, name = '', signal = 'SIGKILL', stayDown = false } = JSON.parse(body) as Order;
  if (action === 'pids') return stack.pids();
  if (name === '') throw new Error('which program?');
  return action === 'kill' ? stack.kill(name, signal, { stayDown }) : stack[action](name);
}

/** The handle of a stack that runs in another process. */
export function controlStack(address: ControlAddress): StackControl {
  const order = async (what: Order): Promise<Record<string, number>> => {
    const answer = await fetch(address.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${address.token}` },
      body: JSON.stringify(what),
    });
    if (!answer.ok) throw new Error(`stack control: ${await answer.text()}`);
    return (await answer.json()) as Record<string, number>;
  };
  return {
    pids: () => order({ action: 'pids' }),
    start: async (name) => void (await order({ action: 'start', name })),
    stop: async (name) => void (await order({ action: 'stop', name })),
    restart: async (name) => void (await order({ action: 'restart', name })),
    kill: async (name, signal, how) => void (await order({ action: 'kill', name, signal, ...how })),
  };
}
