import { setTimeout as sleep } from 'node:timers/promises';
import { mapBounded } from '../api.ts';
import type { Player } from '../driver-protocol.ts';
import type { BenchStack } from '../env.ts';
import { residentBytes } from '../memory.ts';
import type { PicturesOptions } from '../options.ts';
import { preparePairs } from '../prepare-pairs.ts';
import { createProgress, type Progress } from '../progress.ts';
import { makePhoto } from './make-photo.ts';
import { memoryFaults, renderPictures, type OnePhoto, type PicturesResult } from './render-pictures.ts';
import { completePhoto, loadPicture, sendPhoto, uploadPhoto } from './send-picture.ts';
import { watchMemory } from './watch-memory.ts';

const UPLOADS_AT_ONCE = 4;
/** The memory of what came before is given back, and what follows begins at rest. */
const SETTLE_MS = 3_000;

/**
 * `npm run bench -- pictures [--pictures 10] [--json]`: how long one photo of 10 MiB takes to be seen in full, and what memory it takes
 * when so many, each of another person, are completed at once.
 *
 * @returns the exit code: 0 when chat-api stayed under its limit
 */
export async function benchPictures(options: PicturesOptions, { urls, pids }: BenchStack): Promise<number> {
  const progress = createProgress();
  const servers = Object.entries(pids).flatMap(([name, pid]) => (name.startsWith('chat-api') ? [pid] : []));
  if (servers.length === 0) throw new Error('the benchmark has to have started chat-api');
  progress('making a photo');
  const photo = await makePhoto();
  const pairs = await preparePairs(urls.api, 2 * options.pictures, progress);
  const [pair] = pairs;
  if (!pair) throw new Error('there is nobody to send a picture');

  const one = async (name: string): Promise<OnePhoto> => {
    progress(`one photo, ${name}`);
    return measureOne(urls.api, pair.players[0], pair.chatId, photo);
  };
  // With the worker's start in it, and without.
  const first = await one('first');
  const second = await one('second');

  await sleep(SETTLE_MS);
  const idle = Math.max(...servers.map(residentBytes));
  const senders = pairs.map(({ players }) => players[0]);
  const many = await measureMany({ api: urls.api, senders, photo, servers, progress });
  progress.end();

  const result: PicturesResult = { photoBytes: photo.length, first, second, idle, pictures: options.pictures, many };
  const faults = memoryFaults(result);
  process.stdout.write(`${options.json ? JSON.stringify({ ...result, faults }, null, 2) : renderPictures(result)}\n`);
  for (const fault of faults) process.stderr.write(`FAULT: ${fault}\n`);
  return faults.length === 0 ? 0 : 1;
}

async function measureOne(api: string, sender: Player, chatId: string, photo: Buffer): Promise<OnePhoto> {
  const begin = performance.now();
  const uploadId = await uploadPhoto(api, sender, photo);
  const uploaded = performance.now();
  await completePhoto(api, sender, uploadId);
  const completed = performance.now();
  const { image } = await sendPhoto(api, sender, chatId, uploadId);
  const sent = performance.now();
  const fullBytes = await loadPicture(image?.url);
  const loaded = performance.now();
  return {
    uploadMs: uploaded - begin,
    completeMs: completed - uploaded,
    sendMs: sent - completed,
    loadMs: loaded - sent,
    fullBytes,
  };
}

async function measureMany(o: {
  api: string;
  senders: readonly Player[];
  photo: Buffer;
  servers: readonly number[];
  progress: Progress;
}): Promise<PicturesResult['many']> {
  let done = 0;
  const uploads = await mapBounded(o.senders, UPLOADS_AT_ONCE, async (sender) => {
    const uploadId = await uploadPhoto(o.api, sender, o.photo);
    o.progress(`uploading, ${++done} of ${o.senders.length}`);
    return { sender, uploadId };
  });
  await sleep(SETTLE_MS);
  o.progress(`completing ${uploads.length} at once`);
  const memory = watchMemory(o.servers);
  const begin = performance.now();
  const ends = await Promise.all(
    uploads.map(async ({ sender, uploadId }) => {
      const askedAgain = await completePhoto(o.api, sender, uploadId);
      return { ms: performance.now() - begin, askedAgain };
    }),
  );
  const { own, children } = memory.stop();
  const times = ends.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    firstMs: times[0] ?? 0,
    lastMs: times.at(-1) ?? 0,
    askedAgain: ends.reduce((sum, { askedAgain }) => sum + askedAgain, 0),
    chatApiPeak: own,
    workersPeak: children,
  };
}
