import { connect } from 'node:net';

/**
 * Whether something answers at an address.
 * @param o.say bytes to send once connected; then the answer has to begin with `o.expect`
 */
export function answersTcp(o: {
  host: string;
  port: number;
  say?: string;
  expect?: string;
  timeoutMs?: number;
}): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: o.host, port: o.port });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    let heard = '';
    socket.setTimeout(o.timeoutMs ?? 1000, () => done(false));
    socket.on('error', () => done(false));
    socket.on('close', () => done(false));
    socket.on('connect', () => (o.say === undefined ? done(true) : socket.write(o.say, 'latin1')));
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
      if (heard.length >= (o.expect?.length ?? 1)) done(heard.startsWith(o.expect ?? ''));
    });
  });
}

/** Whether an HTTP address answers with one of the statuses that `accept` takes. */
export async function answersHttp(url: string, accept: (status: number) => boolean): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000), redirect: 'manual' });
    await answer.body?.cancel();
    return accept(answer.status);
  } catch {
    return false; // nobody listens yet: that is the answer
  }
}

const PROTOCOLS: Record<string, { port: number; say?: string; expect?: string }> = {
  'redis:': { port: 6379, say: 'PING\r\n' },
  'rediss:': { port: 6379 },
  'amqp:': { port: 5672, say: 'AMQP\0\0\x09\x01', expect: '\x01' },
  'amqps:': { port: 5671 },
  'mongodb:': { port: 27017 },
  'http:': { port: 80 },
  'https:': { port: 443 },
};

/** Whether an engine answers at its URL. A list of hosts or a DNS name of MongoDB is left to the driver. */
export async function answersUrl(url: string): Promise<boolean> {
  if (url.startsWith('mongodb+srv:') || /^mongodb:\/\/[^/]*,/.test(url)) return true;
  const { protocol, hostname, port } = new URL(url);
  const known = PROTOCOLS[protocol];
  if (!known) return false;
  const host = hostname.replace(/^\[|\]$/g, '');
  return answersTcp({ ...known, host, port: port ? Number(port) : known.port, timeoutMs: 3000 });
}
