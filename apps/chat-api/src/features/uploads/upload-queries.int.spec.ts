import { Readable } from 'node:stream';
import type { ChatId, MessageId, UploadId, UserId } from '@parley/domain';
import type { ObjectStorage } from '@parley/object-storage';
import { createLogger } from '@parley/service-kit';
import {
  auditQueries,
  createTestEngines,
  newClientMessageId,
  newUserId,
  wasteful,
  type QueryAudit,
  type TestEngines,
} from '@parley/testing';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureIndexes, openDatabase, type Database, type UploadDocument } from '../../database.ts';
import { createClaimAvatar } from '../upload-claims/claim-avatar.ts';
import { createReleaseAvatar } from '../upload-claims/release-avatar.ts';
import { createSettleAvatars } from '../upload-claims/settle-avatars.ts';
import { createAttachUpload } from './attach-upload.ts';
import { createClaimTask } from './claim-task.ts';
import { createCompleteUpload } from './complete-upload.ts';
import { createOpenUpload } from './create-upload.ts';
import { createDiscardImage } from './discard-image.ts';
import { createSweepUploads } from './sweep-uploads.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const IMAGE = {
  width: 4,
  height: 3,
  bytes: 5,
  contentType: 'image/png',
  blurhash: 'L00000fQfQfQfQfQfQfQfQfQfQfQ',
} as const;
const now = new Date();
const clock = () => now;
const logger = createLogger({ service: 'spec', level: 'silent' });
const newId = () => newClientMessageId() as unknown as UploadId;

/** A bucket that keeps nothing and lists what it is told: the queries are what matters here. */
const listed: string[] = [];
const storage = {
  get: () => Promise.resolve({ body: Readable.from(['x']) }),
  // The files are not there either.
  put: ({ body }: { body: Readable }) => Promise.resolve(body.on('error', () => undefined).destroy()),
  delete: () => Promise.resolve(),
  async *list(prefix: string) {
    await Promise.resolve();
    const modifiedAt = new Date(now.getTime() - 2 * DAY_MS);
    for (const place of listed) yield { key: prefix + place, modifiedAt };
  },
} as unknown as ObjectStorage;
const renderer = {
  render: () => Promise.resolve({ kind: 'rendered' as const, image: { ...IMAGE, thumbBytes: 1 } }),
  renderSquare: () => Promise.resolve({ kind: 'rendered' as const, bytes: 1 }),
};

let engines: TestEngines;
let audit: QueryAudit;
let client: MongoClient;
let database: Database;
beforeAll(async () => {
  engines = await createTestEngines({ mongo: true });
  audit = await auditQueries({ uri: engines.mongoUri, database: engines.database });
  client = new MongoClient(audit.uri);
  database = openDatabase(client.db(engines.database));
  await ensureIndexes(database);
  await database.uploads.insertMany(Array.from({ length: 300 }, (_, i) => stored(i)));
});
afterAll(async () => {
  await client.close();
  await audit.close();
  await engines.dispose();
});

/** Of 300 people's uploads every tenth expired, every tenth is an avatar that is to be asked about, the others are left alone. */
function stored(i: number): UploadDocument {
  const _id = newId();
  const due = new Date(now.getTime() + (i % 20 < 10 ? -1 : 1) * 60_000);
  const keys = { raw: `raw/${_id}/a`, full: `full/${_id}/a`, thumb: `thumb/${_id}/a` };
  const state = { 3: { expiresAt: due }, 5: { avatar: { key: `avatar/${_id}/a`, checkAt: due } } }[i % 10] ?? {};
  listed.push(`${_id}/a`);
  return {
    _id,
    userId: newUserId(),
    contentType: 'image/png',
    bytes: 1,
    state: 'used',
    keys,
    createdAt: now,
    ...state,
  };
}

describe('the queries around pictures, among 300 uploads, read no more than twice what they return', () => {
  const deps = () => ({ ...database, storage, renderer: renderer as never, clock, logger, turns: ((_: unknown, run: () => unknown) => run()) as never }); // prettier-ignore
  const body = { contentType: 'image/png', bytes: 1 } as const;

  async function ready(owner: UserId): Promise<UploadId> {
    const id = newId();
    await createOpenUpload(deps())(owner, id, body);
    await createOpenUpload(deps())(owner, id, body);
    await createCompleteUpload(deps())(owner, id, () => Promise.resolve());
    return id;
  }
  const use = () => ({ chatId: 'chat' as ChatId, clientMessageId: newClientMessageId() });
  const refused = (run: Promise<unknown>) => expect(run).rejects.toThrow();

  const cases: [string, () => Promise<unknown>][] = [
    ['opened twice, completed twice', async () => {
      const owner = newUserId();
      const id = await ready(owner);
      await createCompleteUpload(deps())(owner, id, () => Promise.resolve());
    }],
    ['sent, sent again elsewhere, and its message deleted', async () => {
      const owner = newUserId();
      const id = await ready(owner);
      const first = use();
      for (let n = 0; n < 2; n += 1) await createAttachUpload(deps())(owner, id, first, () => Promise.resolve());
      await refused(createAttachUpload(deps())(owner, id, use(), () => Promise.resolve()));
      await createDiscardImage(deps())(id);
    }],
    ['made an avatar twice, and released', async () => {
      const owner = newUserId();
      const id = await ready(owner);
      for (let n = 0; n < 2; n += 1) await createClaimAvatar(deps())(owner, id);
      await refused(createClaimAvatar(deps())(newUserId(), id));
      await createReleaseAvatar(deps())(owner, id);
    }],
    ['the sweep of what was not sent', async () => {
      const message = { _id: 'm' as MessageId, ...use(), senderId: newUserId(), seq: 1, rev: 1 };
      await database.messages.insertOne(message as never);
      expect(await createSweepUploads(deps()).expired()).toEqual({ kept: 0, removed: 15 });
    }],
    ['the sweep of files that nothing stands for', async () => {
      expect(await createSweepUploads(deps()).leftovers()).toBeGreaterThan(0);
    }],
    ['avatars that are due', async () => {
      const avatarsShown = (all: { uploadId: UploadId }[]) => Promise.resolve(new Set(all.slice(5).map((a) => a.uploadId)));
      expect(await createSettleAvatars({ ...deps(), avatarsShown })()).toEqual({ kept: 10, removed: 5 });
    }],
    ['a task of one instance', async () => {
      const claim = createClaimTask(deps());
      expect([await claim('x', 1_000), await claim('x', 1_000)]).toEqual([true, false]);
    }],
  ]; // prettier-ignore

  it.each(cases)('%s', async (_, run) => {
    audit.take();
    await run();
    const queries = audit.take();
    expect(queries.length).toBeGreaterThan(1);
    expect(wasteful(queries)).toEqual([]);
  });
});
