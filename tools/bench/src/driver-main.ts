import type { ChatId } from '@parley/domain';
import { io } from 'socket.io-client';
import type { DriverCommand, DriverReport, DriverResult, PairPlan, Player } from './driver-protocol.ts';
import { createLatencies, encode, recordMs } from './latency.ts';
import { createPacedPair } from './pace-pair.ts';
import type { Client, Pair, PairScore } from './pair-link.ts';
import { createPair } from './play-pair.ts';

const READY_TIMEOUT_MS = 20_000;

/** The driver process: its clients play, and it counts. It knows nothing of who serves them. */
const latencies = createLatencies();
const ackLatencies = createLatencies();
const counts = { deliveries: 0, receipts: 0, stalls: 0 };
const errors: Record<string, number> = {};
let pairs: { plan: PairPlan; pair: Pair; clients: readonly Client[] }[] = [];
let isMeasuring = false;

const score: PairScore = {
  delivered: (ms) => {
    if (!isMeasuring) return;
    counts.deliveries += 1;
    recordMs(latencies, ms);
  },
  acknowledged: (ms) => {
    if (isMeasuring) recordMs(ackLatencies, ms);
  },
  receipt: () => {
    if (isMeasuring) counts.receipts += 1;
  },
  stalled: () => {
    counts.stalls += 1;
  },
  refused: (code) => {
    errors[code] = (errors[code] ?? 0) + 1;
  },
};

function report(message: DriverReport): void {
  process.send?.(message);
}

function connectPlayer(url: string, { token }: Player): { client: Client; ready: Promise<void> } {
  const client: Client = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false });
  const ready = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('a client was not ready in time')), READY_TIMEOUT_MS);
    client.once('ready', () => {
      clearTimeout(late);
      resolve();
    });
    client.once('connect_error', reject);
  });
  return { client, ready };
}

async function connect({ urls, pairs: plans, bodyBytes, everyMs }: Extract<DriverCommand, { type: 'connect' }>) {
  const text = 'x'.repeat(bodyBytes);
  const urlOf = (at: number): string => urls[at % urls.length] ?? '';
  const opened = plans.map((plan, at) => {
    const [a, b] = [connectPlayer(urlOf(at), plan.players[0]), connectPlayer(urlOf(at + 1), plan.players[1])];
    const clients = [a.client, b.client] as const;
    const userIds = [plan.players[0].userId, plan.players[1].userId] as const;
    const options = { clients, userIds, chatId: plan.chatId as ChatId, text, score };
    const pair = everyMs === undefined ? createPair(options) : createPacedPair({ ...options, everyMs });
    for (const client of clients) client.on('disconnect', (reason) => score.refused(`disconnected: ${reason}`));
    return { plan, pair, clients, ready: Promise.all([a.ready, b.ready]) };
  });
  await Promise.all(opened.map(({ ready }) => ready));
  pairs = opened;
}

async function stop(): Promise<DriverResult> {
  isMeasuring = false;
  const tallies = await Promise.all(pairs.map(async ({ plan, pair }) => ({ plan, tally: await pair.stop() })));
  const sum = (key: 'acknowledged' | 'pushed' | 'lost' | 'doubled'): number =>
    tallies.reduce((total, { tally }) => total + tally[key], 0);
  const result: DriverResult = {
    ...counts,
    acknowledged: sum('acknowledged'),
    pushed: sum('pushed'),
    lost: sum('lost'),
    doubled: sum('doubled'),
    errors: { ...errors },
    latencies: encode(latencies),
    ackLatencies: encode(ackLatencies),
    heads: Object.fromEntries(tallies.map(({ plan, tally }) => [plan.chatId, tally.head])),
  };
  for (const { clients } of pairs) clients.forEach((client) => void client.off('disconnect').close());
  return result;
}

async function obey(command: DriverCommand): Promise<void> {
  switch (command.type) {
    case 'connect':
      await connect(command);
      return report({ type: 'connected' });
    case 'play':
      return pairs.forEach(({ pair }) => pair.play());
    case 'measure':
      isMeasuring = true;
      return;
    case 'stop':
      report({ type: 'stopped', result: await stop() });
      process.disconnect();
      return;
  }
}

process.on('message', (command: DriverCommand) => {
  obey(command).catch((error: unknown) => report({ type: 'failed', reason: String(error) }));
});
