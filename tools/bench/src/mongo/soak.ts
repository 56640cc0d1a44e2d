import { readFileSync } from 'node:fs';
import type { Collection } from 'mongodb';
import { messageOf, type BenchMessage } from './bench-message.ts';

const OPERATIONS = 1_000_000;
const EVERY = 100_000;
const BATCH = 250;

/** Resident memory in MB: of its own, and pages of files that it has mapped, which the kernel takes back when it needs them. */
export type Memory = { operations: number; own: number; files: number };

/** A million operations on a set of documents that stays the same size, with the engine's memory after each 100,000. */
export async function soak(
  messages: Collection<BenchMessage>,
  pid: number,
  tell: (memory: Memory) => void,
): Promise<void> {
  tell({ operations: 0, ...memoryOf(pid) });
  let told = 0;
  let done = 0;
  for (let turn = 0; done < OPERATIONS; turn += 1) {
    const batch = Array.from({ length: BATCH }, (_, n) => messageOf(`soak-${turn % 10}`, turn * BATCH + n));
    const ids = batch.map(({ _id }) => _id);
    await messages.insertMany(batch, { ordered: false });
    await messages.bulkWrite(
      ids.map((_id) => ({ updateOne: { filter: { _id }, update: { $unset: { outbox: '' } } } })),
    );
    await messages.find({ _id: { $in: ids } }).toArray();
    await Promise.all(ids.slice(0, 20).map((_id) => messages.findOne({ _id })));
    await messages.deleteMany({ _id: { $in: ids } });
    done += 4 * BATCH + 20;
    if (done - told >= EVERY || done >= OPERATIONS) tell({ operations: (told = done), ...memoryOf(pid) });
  }
}

function memoryOf(pid: number): { own: number; files: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1_024;
  return { own: megabytes('RssAnon'), files: megabytes('RssFile') };
}
