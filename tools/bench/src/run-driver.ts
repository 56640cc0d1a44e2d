import type { DriverCommand, DriverReport, DriverResult, PairPlan } from './driver-protocol.ts';
import { createLatencies, encode, recordMs } from './latency.ts';
import { createPacedPair } from './pace-pair.ts';
import type { LinkPair, Pair, PairScore } from './pair-link.ts';
import { createPair } from './play-pair.ts';

/** Two clients of a pair, connected to their servers. */
export type ConnectedPair = { ready: Promise<unknown>; link: LinkPair; close(): void };

export type ConnectPair = (
  plan: PairPlan,
  o: { urls: readonly [string, string]; text: string; score: PairScore },
) => ConnectedPair;

const READY_TIMEOUT_MS = 20_000;

/** The whole of a driver process but for the protocol that `connectPair` speaks: its clients play, and it counts. */
export function runDriver(connectPair: ConnectPair): void {
  const latencies = createLatencies();
  const ackLatencies = createLatencies();
  const counts = { deliveries: 0, receipts: 0, stalls: 0 };
  const errors: Record<string, number> = {};
  let pairs: { chatId: string; pair: Pair; close(): void }[] = [];
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

  const connect = async ({ urls, pairs: plans, bodyBytes, everyMs }: Extract<DriverCommand, { type: 'connect' }>) => {
    const urlOf = (at: number): string => urls[at % urls.length] ?? '';
    const opened = plans.map((plan, at) => {
      const text = 'x'.repeat(bodyBytes);
      const connected = connectPair(plan, { urls: [urlOf(at), urlOf(at + 1)], text, score });
      const options = { link: connected.link, score };
      const pair = everyMs === undefined ? createPair(options) : createPacedPair({ ...options, everyMs });
      return { chatId: plan.chatId, pair, close: connected.close, ready: connected.ready };
    });
    await withinTime(Promise.all(opened.map(({ ready }) => ready)));
    pairs = opened;
  };

  const stop = async (): Promise<DriverResult> => {
    isMeasuring = false;
    const tallies = await Promise.all(pairs.map(async ({ chatId, pair }) => ({ chatId, tally: await pair.stop() })));
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
      heads: Object.fromEntries(tallies.map(({ chatId, tally }) => [chatId, tally.head])),
    };
    for (const { close } of pairs) close();
    return result;
  };

  const obey = async (command: DriverCommand): Promise<void> => {
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
  };

  process.on('message', (command: DriverCommand) => {
    obey(command).catch((error: unknown) => report({ type: 'failed', reason: String(error) }));
  });
}

function report(message: DriverReport): void {
  process.send?.(message);
}

async function withinTime(ready: Promise<unknown>): Promise<void> {
  let late: NodeJS.Timeout | undefined;
  const timeout = new Promise((_resolve, reject) => {
    late = setTimeout(() => reject(new Error('a client was not ready in time')), READY_TIMEOUT_MS);
  });
  await Promise.race([ready, timeout]).finally(() => clearTimeout(late));
}
