import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { listen } from './listen.ts';

describe('listen', () => {
  it('lets a running request end, then closes its kept-alive connection, and takes no new one', async () => {
    const { port, close } = await listen((_req, res) => void sleep(150).then(() => res.end('done')), {
      port: 0,
      host: '127.0.0.1',
    });
    const agent = new Agent({ keepAlive: true });
    const request = get({ port, agent });
    await sleep(50);
    const startedAt = performance.now();
    const closed = close();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect((await response.toArray()).join('')).toBe('done');
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    await expect(once(get({ port }), 'response')).rejects.toThrow(/ECONNREFUSED/);
    agent.destroy();
  });

  it('answers what is on its way over a kept-alive connection, for the last time', async () => {
    const { port, close } = await listen((_req, res) => res.end('done'), { port: 0, host: '127.0.0.1' });
    const agent = new Agent({ keepAlive: true });
    const [first] = (await once(get({ port, agent }), 'response')) as [IncomingMessage];
    await first.toArray();
    const closed = close();
    const request = get({ port, agent });
    const [last] = (await once(request, 'response')) as [IncomingMessage];
    expect(request.reusedSocket).toBe(true);
    expect(last.headers.connection).toBe('close');
    expect((await last.toArray()).join('')).toBe('done');
    await closed;
    agent.destroy();
  });

  it('says that a port is busy', async () => {
    const first = await listen((_req, res) => res.end(), { port: 0, host: '127.0.0.1' });
    await expect(listen((_req, res) => res.end(), { port: first.port, host: '127.0.0.1' })).rejects.toThrow(
      /EADDRINUSE/,
    );
    await first.close();
  });
});
