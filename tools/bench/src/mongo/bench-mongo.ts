import { MongoClient } from 'mongodb';
import type { BenchStack } from '../env.ts';
import type { MongoOptions } from '../options.ts';
import { createProgress } from '../progress.ts';
import { INDEXES, type BenchMessage } from './bench-message.ts';
import { measureMongo } from './measure-mongo.ts';
import { renderMongo } from './render-mongo.ts';
import { soak } from './soak.ts';
import { measureStart } from './start-time.ts';

const CONNECTIONS = 64;

/**
 * `npm run bench -- mongo [--documents 200000] [--seconds 4] [--json]`: the engine alone, as chat-api uses it.
 * `npm run bench -- mongo --soak`: its memory over a million operations.
 *
 * @returns the exit code
 */
export async function benchMongo(
  { documents, seconds, ...options }: MongoOptions,
  { env, pids }: BenchStack,
): Promise<number> {
  const uri = env.MONGO_URI;
  const pid = pids['mongodb'];
  const client = new MongoClient(uri, { maxPoolSize: CONNECTIONS });
  const db = client.db('bench');
  try {
    if (options.soak) {
      if (pid === undefined) throw new Error('--soak needs an engine that the benchmark started');
      const messages = db.collection<BenchMessage>('messages');
      await messages.createIndexes(INDEXES);
      await soak(messages, pid, ({ operations, own, files }) =>
        process.stdout.write(
          `${operations.toLocaleString('en').padStart(10)} operations: ${own.toFixed(0)} MB, and ${files.toFixed(0)} MB of mapped files\n`,
        ),
      );
      return 0;
    }
    const progress = createProgress();
    const rows = await measureMongo({ db, uri, documents, seconds, pid, progress });
    progress('starting on a copy of the data');
    const startMs = pid === undefined ? undefined : await measureStart(pid);
    progress.end();
    const result = { documents, rows, startMs };
    process.stdout.write(`${options.json ? JSON.stringify(result, null, 2) : renderMongo(result)}\n`);
    return 0;
  } finally {
    await client.close();
  }
}
