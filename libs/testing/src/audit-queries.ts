import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { BSON, MongoClient, type Document } from 'mongodb';

/** One query that a program sent, and what the server says it costs. */
export type AuditedQuery = {
  command: Document;
  /** The stages of the winning plan, from the top: `LIMIT FETCH IXSCAN(chatId_1_seq_1)`. */
  plan: string;
  keysExamined: number;
  docsExamined: number;
  /** What it returned, counted, or would have changed. */
  matched: number;
};

export type QueryAudit = {
  /** Connection string for the program under test. */
  uri: string;
  /** Every query since the start, or since the last call. */
  take(): AuditedQuery[];
  /**
   * Every query until one that is asked for has come, and what came with it.
   *
   * @throws after 25 s, with what came instead; a program that tells others may try that again seconds later, on a machine that is busy
   */
  takeUntil(isLast: (query: AuditedQuery) => boolean): Promise<AuditedQuery[]>;
  close(): Promise<void>;
};

const OP_MSG = 2013;
const WAIT_MS = 25_000;
const AUDITED = ['find', 'aggregate', 'count', 'distinct', 'update', 'delete', 'findAndModify'];
/** What belongs to a command's connection, and not to its query. */
const ENVELOPE = [
  '$db',
  'lsid',
  '$clusterTime',
  '$readPreference',
  'txnNumber',
  'writeConcern',
  'readConcern',
  'comment',
];

/**
 * A proxy in front of the MongoDB server of `uri` that has every query of a database explained (`executionStats`) just before
 * it runs, on the data it meets. The program under test knows nothing of it, in this process or another.
 *
 * @param o.uri a server without TLS
 * @param o.database queries of other databases pass unseen
 */
export async function auditQueries(o: { uri: string; database: string }): Promise<QueryAudit> {
  const { hostname, port, search } = new URL(o.uri.replace(/^mongodb:/, 'http:'));
  const client = new MongoClient(o.uri);
  const db = client.db(o.database);
  const sockets = new Set<Socket>();
  const failures: unknown[] = [];
  let audited: AuditedQuery[] = [];

  const inspect = async (frame: Buffer): Promise<void> => {
    for (const command of queriesIn(frame, o.database)) {
      const query = await explain(command, (c) => db.command(c));
      // Not `push(await …)`: the list it would push to could have been taken meanwhile.
      audited.push(query);
    }
  };
  const server = createServer((socket) => {
    const upstream = connect(Number(port || 27017), hostname);
    let waiting = Promise.resolve();
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let size = frameSize(rest); size > 0; size = frameSize(rest)) {
        const frame = rest.subarray(0, size);
        rest = rest.subarray(size);
        waiting = waiting
          .then(() => inspect(frame))
          .catch((error: unknown) => void failures.push(error))
          .then(() => void upstream.write(frame));
      }
    });
    upstream.pipe(socket);
    for (const [one, other] of [[socket, upstream], [upstream, socket]] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    } // prettier-ignore
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const take = (): AuditedQuery[] => {
    if (failures.length > 0)
      throw new AggregateError(failures, `queries could not be explained: ${failures.map(String).join('; ')}`);
    const taken = audited;
    audited = [];
    return taken;
  };

  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/${search || '?directConnection=true'}`,
    take,
    takeUntil: async (isLast) => {
      const taken: AuditedQuery[] = [];
      const until = performance.now() + WAIT_MS;
      for (;;) {
        taken.push(...take());
        if (taken.some(isLast)) return taken;
        if (performance.now() > until)
          throw new Error(`it didn't come, only ${JSON.stringify(taken.slice(0, 20).map(({ command }) => command))}`);
        await sleep(20);
      }
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await client.close();
    },
  };
}

/**
 * The queries that read more than twice what they return, and one more for a unique key that isn't there, or that read a whole
 * collection. Keys that `$in` asks for and nobody has count as well, and what `$nin` leaves out: no more than the query names.
 */
export function wasteful(queries: readonly AuditedQuery[]): AuditedQuery[] {
  return queries.filter(({ command, plan, keysExamined, docsExamined, matched }) => {
    const leftOut = named(command, '$nin');
    const most = 2 * matched + 1 + leftOut;
    return plan.includes('COLLSCAN') || docsExamined > most || keysExamined > most + named(command, '$in');
  });
}

/** The whole message at the beginning of what has arrived; 0 while some of it is missing. */
function frameSize(bytes: Buffer): number {
  const size = bytes.length >= 4 ? bytes.readInt32LE(0) : 0;
  return size > 0 && size <= bytes.length ? size : 0;
}

/** The queries of one message, each as a command of its own. */
function queriesIn(frame: Buffer, database: string): Document[] {
  if (frame.readInt32LE(12) !== OP_MSG) return [];
  const command: Document = {};
  for (let at = 20; at < frame.length - 4; ) {
    const kind = frame[at];
    const size = frame.readInt32LE(at + 1);
    const section = frame.subarray(at + 1, at + 1 + size);
    if (kind === 0) Object.assign(command, read(section, 0));
    else Object.assign(command, readSequence(section));
    at += 1 + size;
  }
  const [name = ''] = Object.keys(command);
  if (command['$db'] !== database || !AUDITED.includes(name)) return [];
  const query = Object.fromEntries(Object.entries(command).filter(([field]) => !ENVELOPE.includes(field)));
  const statements = name === 'update' ? 'updates' : name === 'delete' ? 'deletes' : undefined;
  if (!statements) return [query];
  return (command[statements] as Document[]).map((statement) => ({ ...query, [statements]: [statement] }));
}

/** Keeps the types of numbers and expressions, so that the query explained is the query sent. */
const read = (bytes: Buffer, index: number): Document =>
  BSON.deserialize(bytes.subarray(index), {
    promoteValues: false,
    bsonRegExp: true,
    allowObjectSmallerThanBufferSize: true,
  });

function readSequence(section: Buffer): Document {
  const nameEnd = section.indexOf(0, 4);
  const documents: Document[] = [];
  for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at)) documents.push(read(section, at));
  return { [section.toString('utf8', 4, nameEnd)]: documents };
}

async function explain(query: Document, run: (command: Document) => Promise<Document>): Promise<AuditedQuery> {
  const explained = await run({ explain: query, verbosity: 'executionStats' });
  const [first] = (explained['stages'] ?? []) as Document[];
  const { queryPlanner, executionStats } = (first?.['$cursor'] ?? explained) as Document;
  const stages = stagesOf((queryPlanner as Document)['winningPlan'] as Document);
  const { totalKeysExamined, totalDocsExamined, nReturned, executionStages } = (executionStats ?? {}) as Document;
  const { nCounted, nMatched, nWouldDelete } = (executionStages ?? {}) as Document;
  return {
    command: query,
    plan: stages.join(' '),
    keysExamined: Number(totalKeysExamined ?? 0),
    docsExamined: Number(totalDocsExamined ?? 0),
    matched: Number(nCounted ?? nMatched ?? nWouldDelete ?? nReturned ?? 0),
  };
}

function stagesOf({ stage, indexName, inputStage, inputStages, queryPlan }: Document): string[] {
  const inner = [inputStage, queryPlan, ...((inputStages ?? []) as Document[])].filter((s) => s !== undefined);
  const own = stage === undefined ? [] : [indexName === undefined ? String(stage) : `${stage}(${indexName})`];
  return [...own, ...inner.flatMap((s) => stagesOf(s as Document))];
}

/** How many values a query names in lists of one operator. */
function named(value: unknown, operator: string): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (n, [key, v]) => n + (key === operator && Array.isArray(v) ? v.length : named(v, operator)),
    0,
  );
}
