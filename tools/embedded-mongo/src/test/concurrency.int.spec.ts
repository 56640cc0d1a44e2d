import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

type Item = { _id: number; rev: number; revs: number[] };

const ITEMS = 20;
const TRIES = 6;
const ROUNDS = 3;

let engine: TestEngine;
beforeAll(async () => void (engine = await startTestEngine()));
afterAll(() => engine.stop());

describe('updates at once', () => {
  it('of which some break a unique index or come too late are each told what came of them', async () => {
    const items = engine.db.collection<Item>('items');
    await items.createIndex({ rev: 1 }, { unique: true });
    await items.createIndex({ revs: 1 }, { unique: true });
    const ids = Array.from({ length: ITEMS }, (_, i) => i);
    await items.insertMany(ids.map((_id) => ({ _id, rev: -1 - _id, revs: [-1 - _id] })));
    const told = { changed: 0, late: 0, refused: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const before = new Map((await items.find().toArray()).map((item) => [item._id, item]));
      // Fewer numbers than items, and several tries for each: for every number and for every item there is one winner at most.
      const take = async (_id: number, rev: number): Promise<{ _id: number; rev: number } | undefined> => {
        try {
          const changed = await items.findOneAndUpdate(
            { _id, rev: before.get(_id)?.rev ?? 0 },
            { $set: { rev }, $push: { revs: { $each: [rev], $slice: -3 } } },
            { returnDocument: 'after' },
          );
          if (changed) expect(changed).toMatchObject({ _id, rev });
          told[changed ? 'changed' : 'late']++;
          return changed ? { _id, rev } : undefined;
        } catch (error) {
          expect(error).toMatchObject({ code: 11000, codeName: 'DuplicateKey' });
          told.refused++;
          return undefined;
        }
      };
      const numbers = ids.slice(0, ITEMS / 2).map((n) => round * 100 + n);
      const tries = ids.flatMap((_id) =>
        Array.from({ length: TRIES }, (_, t) => [_id, numbers[(_id + t) % numbers.length]] as const),
      );
      const inserts = numbers.slice(0, 3).map((rev) =>
        items
          .insertMany(
            [
              { _id: 1000 + rev, rev, revs: [rev] },
              { _id: 0, rev: rev + 50, revs: [] },
            ],
            { ordered: false },
          )
          .catch((error: unknown) => void expect(error).toMatchObject({ code: 11000 })),
      );
      const winners = (await Promise.all(tries.map(([_id, rev]) => take(_id, rev ?? 0)))).filter(
        (won) => won !== undefined,
      );
      await Promise.all(inserts);
      expect(new Set(winners.map(({ rev }) => rev)).size).toBe(winners.length);
      expect(new Set(winners.map(({ _id }) => _id)).size).toBe(winners.length);
      for (const { _id, rev } of winners) expect(await items.findOne({ _id })).toMatchObject({ rev });
      const unmoved = ids.filter((id) => !winners.some(({ _id }) => _id === id));
      for (const _id of unmoved) expect(await items.findOne({ _id })).toEqual(before.get(_id));
      await items.deleteMany({ _id: { $gte: 1000 } });
    }
    expect(told.changed + told.late + told.refused).toBe(ITEMS * TRIES * ROUNDS);
    for (const count of Object.values(told)) expect(count).toBeGreaterThan(0);
  });
});
