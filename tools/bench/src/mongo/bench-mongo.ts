import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import type { BenchStack } from '../env.ts';
import { createProgress } from '../progress.ts';
import type { BenchMessage } from './bench-message.ts';
import { measureMongo } from './measure-mongo.ts';
import { renderMongo } from './render-mongo.ts';

const CONNECTIONS = 64;

/**
 * `npm run bench -- mongo [--documents 200000] [--seconds 4] [--json]`: the engine alone, as chat-api uses it.
 * @returns the exit code
 */
export async function benchMongo(args: readonly string[], { env, pids }: BenchStack): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      documents: { type: 'string', default: '200000' },
      seconds: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
    },
  });
  const [documents, seconds] = [Number(values.documents), Number(values.seconds)];
  if (!(documents > 0 && seconds > 0)) throw new RangeError('--documents and --seconds are positive numbers');
  const progress = createProgress();
  const client = new MongoClient(env.MONGO_URI, { maxPoolSize: CONNECTIONS });
  try {
    const messages = client.db('bench').collection<BenchMessage>('messages');
    const rows = await measureMongo({ messages, documents, seconds, pid: pids['mongodb'], progress });
    progress.end();
    process.stdout.write(
      `${values.json ? JSON.stringify({ documents, rows }, null, 2) : renderMongo(rows, documents)}\n`,
    );
    return 0;
  } finally {
    await client.close();
  }
}
