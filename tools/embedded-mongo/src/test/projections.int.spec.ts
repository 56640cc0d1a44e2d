import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestEngine } from './engine.fixture.ts';
import { startTestEngine } from './engine.fixture.ts';

const ITEM = { _id: 1, a: 1, b: { c: 2, d: { e: 3, f: 4 } }, l: [{ x: 1, y: 1 }, 7, { x: 2, y: 2 }], n: [1, 2, 3, 4] };

let engine: TestEngine;
beforeAll(async () => {
  engine = await startTestEngine();
  await engine.db.collection<Document & { _id: number }>('items').insertOne(ITEM);
});
afterAll(() => engine.stop());

const shown = (projection: Document) => engine.db.collection('items').find({}, { projection }).toArray();

describe('a projection', () => {
  it.each<[Document, Document]>([
    [{ a: 1 }, { _id: 1, a: 1 }],
    [{ a: 1, _id: 0 }, { a: 1 }],
    [{ _id: 1 }, { _id: 1 }],
    [{ 'b.c': 1 }, { _id: 1, b: { c: 2 } }],
    [{ b: { c: 1, d: { e: true } } }, { _id: 1, b: { c: 2, d: { e: 3 } } }],
    [{ 'l.x': 1 }, { _id: 1, l: [{ x: 1 }, { x: 2 }] }],
    [
      { b: 0, l: 0, n: false },
      { _id: 1, a: 1 },
    ],
    [
      { _id: 0, b: { d: 0 }, 'l.y': 0 },
      { a: 1, b: { c: 2 }, l: [{ x: 1 }, 7, { x: 2 }], n: [1, 2, 3, 4] },
    ],
    [{ n: { $slice: 2 } }, { ...ITEM, n: [1, 2] }],
    [
      { a: 1, n: { $slice: [-3, 2] } },
      { _id: 1, a: 1, n: [2, 3] },
    ],
    [{ l: { $elemMatch: { x: 2 } } }, { _id: 1, l: [{ x: 2, y: 2 }] }],
    [
      { a: 1, n: { $elemMatch: { $gt: 2 } } },
      { _id: 1, a: 1, n: [3] },
    ],
    [
      { a: 1, sum: { $add: ['$a', '$b.c'] } },
      { _id: 1, a: 1, sum: 3 },
    ],
  ])('%j', async (projection, expected) => {
    expect(await shown(projection)).toEqual([expected]);
  });

  it.each<[Document, number]>([
    [{ a: 1, b: 0 }, 31254],
    [{ a: 0, b: 1 }, 31253],
    [{ a: 1, b: { c: 0 } }, 31254],
    [{ b: { c: 0, d: 1 } }, 31253],
    [{ 'l.$': 1, a: 0 }, 31254],
    [{ 'l.$': 0 }, 31395],
    [{ 'l.$': 1, 'n.$': 1 }, 31276],
    [{ 'l.$.x': 1 }, 31394],
    [{ $a: 1 }, 16410],
    [{ 'a..b': 1 }, 40352],
    [{ b: 1, 'b.c': 1 }, 31250],
    [{ 'b.c': 1, b: 1 }, 31249],
    [{ s: { $meta: 'textScore' } }, 238],
  ])('%j is refused', async (projection, code) => {
    await expect(shown(projection)).rejects.toMatchObject({ code });
  });
});
