import { io, type Socket } from 'socket.io-client';
import { mapBounded } from './api.ts';
import type { CrowdCommand, CrowdReport } from './crowd-protocol.ts';
import { createLatencies, encode, recordMs } from './latency.ts';

const READY_TIMEOUT_MS = 60_000;

/** A process that connects a crowd, says when all of it is ready, and keeps it connected until its parent lets go. */
const sockets: Socket[] = [];

function connect(url: string, token: string): Promise<boolean> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  sockets.push(socket);
  return new Promise((resolve) => {
    const late = setTimeout(() => resolve(false), READY_TIMEOUT_MS);
    const end = (isReady: boolean) => () => {
      clearTimeout(late);
      resolve(isReady);
    };
    socket.once('ready', end(true));
    socket.once('connect_error', end(false));
  });
}

async function gather({ urls, tokens, atOnce }: CrowdCommand): Promise<CrowdReport> {
  const latencies = createLatencies();
  const startedAt = performance.now();
  let failed = 0;
  await mapBounded([...tokens.entries()], atOnce, async ([at, token]) => {
    const askedAt = performance.now();
    if (await connect(urls[at % urls.length] ?? '', token)) recordMs(latencies, performance.now() - askedAt);
    else failed += 1;
  });
  return { type: 'ready', readyMs: encode(latencies), lastMs: performance.now() - startedAt, failed };
}

process.on('message', (command: CrowdCommand) => {
  gather(command).then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ type: 'failed', reason: String(error) } satisfies CrowdReport),
  );
});
process.on('disconnect', () => process.exit(0));
