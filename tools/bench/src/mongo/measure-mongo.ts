import type { Collection } from 'mongodb';
import { cpuPerThousand, sampleCpu } from '../cpu.ts';
import { createLatencies, percentiles, recordMs, type Percentiles } from '../latency.ts';
import type { Progress } from '../progress.ts';
import { INDEXES, messageOf, type BenchMessage } from './bench-message.ts';

const WRITERS = 64;
const READERS = 32;
const LOAD_BATCH = 1_000;
/** Chats that the loaded documents are spread over. */
const CHATS = 1_000;
const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

export type MongoRow = { what: string; perSecond: number; latency: Percentiles; cpuPerThousand: number };

/**
 * Measures the engine behind `messages` as chat-api uses it: the same indexes, journaled writes, reads by index.
 * One client process, the driver's own time included; `cpuPerThousand` is the engine's alone, in CPU-seconds.
 */
export async function measureMongo(o: {
  messages: Collection<BenchMessage>;
  /** Documents that are there before reads are measured. */
  documents: number;
  seconds: number;
  pid: number | undefined;
  progress: Progress;
}): Promise<MongoRow[]> {
  const { messages, progress } = o;
  await messages.drop();
  await messages.createIndexes(INDEXES);
  const rows: MongoRow[] = [];

  const run = async (what: string, parallel: number, work: (lane: number, turn: number) => Promise<unknown>) => {
    progress(what);
    rows.push({ what, ...(await repeat({ parallel, seconds: o.seconds, pid: o.pid, work })) });
  };

  await run('insertOne, journaled, 64 writers', WRITERS, (lane, turn) =>
    messages.insertOne(messageOf(`write-${lane}`, turn), DURABLE),
  );
  await run('insertOne, journaled, 1 writer', 1, (_, turn) => messages.insertOne(messageOf('alone', turn), DURABLE));
  await load(messages, o.documents, progress);
  const perChat = Math.max(1, Math.floor(o.documents / CHATS));
  const somewhere = () => {
    const chat = Math.floor(Math.random() * CHATS);
    return messageOf(`load-${chat}`, 1 + Math.floor(Math.random() * perChat));
  };
  await run('findOne by _id, 32 readers', READERS, () => messages.findOne({ _id: somewhere()._id }));
  await run('findOne by {chatId, seq}, 1 reader', 1, () => {
    const { chatId, seq } = somewhere();
    return messages.findOne({ chatId, seq });
  });
  await run('page of 50 by {chatId, seq}, 32 readers', READERS, () =>
    messages.find({ chatId: somewhere().chatId }, { sort: { seq: -1 }, limit: 50 }).toArray(),
  );
  await run('updateOne by _id, 64 writers', WRITERS, () =>
    messages.updateOne({ _id: somewhere()._id }, { $unset: { outbox: '' } }, DURABLE),
  );
  return rows;
}

async function load(messages: Collection<BenchMessage>, documents: number, progress: Progress): Promise<void> {
  for (let done = 0; done < documents; done += LOAD_BATCH) {
    const count = Math.min(LOAD_BATCH, documents - done);
    const batch = Array.from({ length: count }, (_, n) => {
      const index = done + n;
      return messageOf(`load-${index % CHATS}`, 1 + Math.floor(index / CHATS));
    });
    await messages.insertMany(batch, { ordered: false });
    progress(`loading, ${done + count} of ${documents}`);
  }
}

/** Runs `work` in so many lanes for so long. */
async function repeat(o: {
  parallel: number;
  seconds: number;
  pid: number | undefined;
  work: (lane: number, turn: number) => Promise<unknown>;
}): Promise<Omit<MongoRow, 'what'>> {
  const latencies = createLatencies();
  const pids: Record<string, number> = o.pid === undefined ? {} : { engine: o.pid };
  const before = sampleCpu(pids);
  const beganAt = performance.now();
  const endAt = beganAt + o.seconds * 1_000;
  const lane = async (_: unknown, index: number): Promise<void> => {
    for (let turn = 1; performance.now() < endAt; turn += 1) {
      const sentAt = performance.now();
      await o.work(index, turn);
      recordMs(latencies, performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: o.parallel }, lane));
  const tookSeconds = (performance.now() - beganAt) / 1_000;
  const count = latencies.totalCount;
  return {
    perSecond: count / tookSeconds,
    latency: percentiles(latencies),
    cpuPerThousand: cpuPerThousand(before, sampleCpu(pids), count)['engine'] ?? 0,
  };
}
