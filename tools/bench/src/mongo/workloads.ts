import type { AnyBulkWriteOperation, Db } from 'mongodb';
import { messageOf, type BenchMessage } from './bench-message.ts';

/** The last write of a chat's projection, in everything that costs. */
type BenchChat = {
  _id: string;
  pairKey: string;
  members: string[];
  lastSeq: number;
  lastRev: number;
  last: { at: Date; seq: number; rev: number; message: unknown };
};

/** One kind of command: how many documents a run of it is about, how many run side by side, and the command. */
export type Workload = {
  what: string;
  documents: number;
  lanes: number;
  run(lane: number, turn: number): Promise<unknown>;
};

const BATCH = 40;
const LANES = 4;
const READERS = 32;
const WRITERS = 64;
const DURABLE = { writeConcern: { w: 'majority', journal: true } } as const;

/** What is written a message in Parley: one command for many, as chat-api sends them. */
export function batchWorkloads(db: Db): Workload[] {
  const messages = db.collection<BenchMessage>('messages');
  const chats = db.collection<BenchChat>('chats');
  const batchOf = (lane: number, turn: number): BenchMessage[] =>
    Array.from({ length: BATCH }, (_, n) => messageOf(`batch-${lane}-${n}`, turn));
  let cleared = 0;
  const pending: BenchMessage[][] = [];
  const next = (): BenchMessage[] => pending[cleared++ % pending.length] ?? [];
  const common = { documents: BATCH, lanes: LANES };
  return [
    {
      ...common,
      what: `insert of ${BATCH}, journaled`,
      run: async (lane, turn) => {
        const documents = batchOf(lane, turn);
        await db.command({ insert: 'messages', documents, ordered: false, writeConcern: { w: 'majority', j: true } });
        pending.push(documents);
      },
    },
    {
      ...common,
      what: `bulkWrite of ${BATCH}, $unset by {_id, rev}`,
      run: () => messages.bulkWrite(next().map(unset), { ordered: false, writeConcern: { w: 1 } }),
    },
    {
      ...common,
      what: `updateMany of ${BATCH} by {_id: $in}, $set`,
      run: (_, turn) => {
        const filter = { _id: { $in: next().map(({ _id }) => _id) } };
        return messages.updateMany(filter, { $set: { outbox: { at: new Date(turn) } } });
      },
    },
    {
      ...common,
      what: `updateMany of ${BATCH} by {_id: $in, rev}, $unset`,
      run: () => {
        const batch = next();
        const filter = { _id: { $in: batch.map(({ _id }) => _id) }, rev: batch[0]?.rev ?? 0 };
        return messages.updateMany(filter, { $unset: { outbox: 1 } });
      },
    },
    {
      ...common,
      what: `bulkWrite of ${BATCH} on chats, $set and $max`,
      run: (lane, turn) => chats.bulkWrite(batchOf(lane, turn).map(forwards), { ordered: false }),
    },
  ];
}

const unset = ({ _id, rev }: BenchMessage): AnyBulkWriteOperation<BenchMessage> => ({
  updateOne: { filter: { _id, rev }, update: { $unset: { outbox: '' } } },
});

function forwards({ outbox: _, ...message }: BenchMessage): AnyBulkWriteOperation<BenchChat> {
  const { chatId, seq, rev, createdAt } = message;
  return {
    updateOne: {
      filter: { _id: chatId, 'last.seq': { $lt: seq } },
      update: {
        $set: { lastSeq: seq, 'last.seq': seq, 'last.rev': rev, 'last.message': message },
        $max: { lastRev: rev, 'last.at': createdAt },
      },
    },
  };
}

/** Makes the chats that `batchWorkloads` moves forwards. */
export async function prepareChats(db: Db): Promise<void> {
  const chats = db.collection<BenchChat>('chats');
  await chats.createIndexes([{ key: { pairKey: 1 }, unique: true }, { key: { members: 1, 'last.at': -1, _id: -1 } }]);
  const ids = Array.from({ length: LANES * BATCH }, (_, n) => `batch-${Math.floor(n / BATCH)}-${n % BATCH}`);
  await chats.insertMany(
    ids.map((_id) => {
      const members = [`${_id}:0`, `${_id}:1`];
      const last = { at: new Date(0), seq: 0, rev: 0, message: null };
      return { _id, pairKey: members.join(':'), members, lastSeq: 0, lastRev: 0, last };
    }),
  );
}

export function singleWriteWorkloads(db: Db, somewhere: () => BenchMessage): Workload[] {
  const messages = db.collection<BenchMessage>('messages');
  const plain = db.collection<BenchMessage>('plain');
  return [
    {
      what: `insertOne, journaled, ${WRITERS} writers`,
      documents: 1,
      lanes: WRITERS,
      run: (lane, turn) => messages.insertOne(messageOf(`write-${lane}`, turn), DURABLE),
    },
    {
      what: 'the same where only _id is indexed',
      documents: 1,
      lanes: WRITERS,
      run: (lane, turn) => plain.insertOne(messageOf(`write-${lane}`, turn), DURABLE),
    },
    {
      what: 'insertOne, journaled, 1 writer',
      documents: 1,
      lanes: 1,
      run: (_, turn) => messages.insertOne(messageOf('alone', turn), DURABLE),
    },
    {
      what: `updateOne by _id, journaled, ${WRITERS} writers`,
      documents: 1,
      lanes: WRITERS,
      run: (_, turn) => messages.updateOne({ _id: somewhere()._id }, { $set: { text: `edited ${turn}` } }, DURABLE),
    },
  ];
}

/** Reads through the driver: one document a call, the same with less of the driver, and many documents a call. */
export function readWorkloads(db: Db, somewhere: () => BenchMessage): Workload[] {
  const messages = db.collection<BenchMessage>('messages');
  return [
    {
      what: 'findOne by {chatId, seq}, 1 reader',
      documents: 1,
      lanes: 1,
      run: () => {
        const { chatId, seq } = somewhere();
        return messages.findOne({ chatId, seq });
      },
    },
    {
      what: `findOne by _id, ${READERS} readers`,
      documents: 1,
      lanes: READERS,
      run: () => messages.findOne({ _id: somewhere()._id }),
    },
    {
      what: `find command by _id, ${READERS} readers`,
      documents: 1,
      lanes: READERS,
      run: () => db.command({ find: 'messages', filter: { _id: somewhere()._id }, limit: 1, singleBatch: true }),
    },
    {
      what: `find of ${BATCH} by {_id: $in}, ${LANES} readers`,
      documents: BATCH,
      lanes: LANES,
      run: () => messages.find({ _id: { $in: Array.from({ length: BATCH }, () => somewhere()._id) } }).toArray(),
    },
    {
      what: `page of 50 by {chatId, seq}, ${READERS} readers`,
      documents: 50,
      lanes: READERS,
      run: () => messages.find({ chatId: somewhere().chatId }, { sort: { seq: -1 }, limit: 50 }).toArray(),
    },
  ];
}
