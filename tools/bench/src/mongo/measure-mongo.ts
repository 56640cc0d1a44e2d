import type { Db } from 'mongodb';
import { cpuPerThousand, sampleCpu } from '../cpu.ts';
import { createLatencies, percentiles, recordMs, type Percentiles } from '../latency.ts';
import type { Progress } from '../progress.ts';
import { INDEXES, messageOf, type BenchMessage } from './bench-message.ts';
import { openRawClient, RAW_IN_FLIGHT } from './raw-client.ts';
import { batchWorkloads, prepareChats, readWorkloads, singleWriteWorkloads, type Workload } from './workloads.ts';

const LOAD_BATCH = 1_000;
const LOAD_LANES = 3;
/** Chats that the loaded documents are spread over. */
const CHATS = 1_000;

/** Documents a second, the latency of a command, and the engine's CPU-seconds per 1,000 documents. */
export type MongoRow = { what: string; perSecond: number; latency: Percentiles; cpuPerThousand: number };

/**
 * Measures the engine behind `messages` as chat-api uses it: the same indexes, journaled writes, reads by index.
 * One client process, the driver's own time included; `cpuPerThousand` is the engine's alone.
 */
export async function measureMongo(o: {
  db: Db;
  uri: string;
  /** Documents that are there before reads are measured. */
  documents: number;
  seconds: number;
  pid: number | undefined;
  progress: Progress;
}): Promise<MongoRow[]> {
  const { db, progress } = o;
  const messages = db.collection<BenchMessage>('messages');
  await db.dropDatabase();
  await messages.createIndexes(INDEXES);
  await prepareChats(db);
  await load(o);
  const perChat = Math.max(1, Math.floor(o.documents / CHATS));
  const somewhere = (): BenchMessage =>
    messageOf(`load-${Math.floor(Math.random() * CHATS)}`, 1 + Math.floor(Math.random() * perChat));

  const raw = await openRawClient(o.uri);
  const pipelined: Workload = {
    what: `without the driver: find by _id, ${RAW_IN_FLIGHT} in flight`,
    documents: RAW_IN_FLIGHT,
    lanes: 1,
    run: () =>
      raw.ask(
        Array.from({ length: RAW_IN_FLIGHT }, () => ({
          find: 'messages',
          filter: { _id: somewhere()._id },
          limit: 1,
          singleBatch: true,
          $db: db.databaseName,
        })),
      ),
  };
  const rows: MongoRow[] = [];
  try {
    const all = [
      ...batchWorkloads(db),
      ...singleWriteWorkloads(db, somewhere),
      ...readWorkloads(db, somewhere),
      pipelined,
    ];
    for (const workload of all) {
      progress(workload.what);
      rows.push({ what: workload.what, ...(await repeat(workload, o)) });
    }
  } finally {
    raw.close();
  }
  return rows;
}

async function load({ db, documents, progress }: { db: Db; documents: number; progress: Progress }): Promise<void> {
  const messages = db.collection<BenchMessage>('messages');
  let begun = 0;
  const fill = async (): Promise<void> => {
    while (begun < documents) {
      const from = begun;
      begun = Math.min(documents, begun + LOAD_BATCH);
      const batch = Array.from({ length: begun - from }, (_, n) => {
        const { outbox: _delivered, ...message } = messageOf(
          `load-${(from + n) % CHATS}`,
          1 + Math.floor((from + n) / CHATS),
        );
        return message;
      });
      await messages.insertMany(batch, { ordered: false });
      progress(`loading, ${begun} of ${documents}`);
    }
  };
  await Promise.all(Array.from({ length: LOAD_LANES }, fill));
}

/** Runs a workload in its lanes for so long. */
async function repeat(
  { documents, lanes, run }: Workload,
  o: { seconds: number; pid: number | undefined },
): Promise<Omit<MongoRow, 'what'>> {
  const latencies = createLatencies();
  const pids: Record<string, number> = o.pid === undefined ? {} : { engine: o.pid };
  const before = sampleCpu(pids);
  const beganAt = performance.now();
  const endAt = beganAt + o.seconds * 1_000;
  const lane = async (_: unknown, index: number): Promise<void> => {
    for (let turn = 1; performance.now() < endAt; turn += 1) {
      const sentAt = performance.now();
      await run(index, turn);
      recordMs(latencies, performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const tookSeconds = (performance.now() - beganAt) / 1_000;
  const count = latencies.totalCount * documents;
  return {
    perSecond: count / tookSeconds,
    latency: percentiles(latencies),
    cpuPerThousand: cpuPerThousand(before, sampleCpu(pids), count)['engine'] ?? 0,
  };
}
