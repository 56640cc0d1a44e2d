import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test/engine.fixture.ts';
import { Store } from './store.ts';

type Transact = (run: () => void) => Promise<unknown>;

/** What lmdb is made to do of the next transaction in place of what it should. */
const fault = vi.hoisted(() => ({
  next: undefined as ((transact: Transact, run: () => void) => Promise<unknown>) | undefined,
}));

vi.mock('lmdb', async (load) => {
  const lmdb = await load<typeof import('lmdb')>();
  const open = (options: object) => {
    const db = lmdb.open(options);
    const transact = db.childTransaction.bind(db) as unknown as Transact;
    return Object.assign(db, {
      childTransaction(run: () => void) {
        const { next } = fault;
        fault.next = undefined;
        return next ? next(transact, run) : transact(run);
      },
    });
  };
  return { ...lmdb, open };
});

let folder: ReturnType<typeof temporaryFolder>;
let store: Store;

beforeEach(() => {
  folder = temporaryFolder();
  store = new Store(folder.path, true);
});
afterEach(async () => {
  await store.close();
  folder.remove();
});

const runs: string[] = [];
const put = (name: string): Promise<string> =>
  store.write(() => {
    runs.push(name);
    store.put(Buffer.from(name), Buffer.from(name));
    return name;
  });
const stored = (name: string): string | undefined => store.get(Buffer.from(name))?.toString();

describe('a write queue whose transactions go wrong', () => {
  it('tells an operation that throws, also where lmdb says that its transaction was committed', async () => {
    fault.next = (transact, run) => transact(run).catch(() => undefined);
    const told = await Promise.allSettled([
      put('a'),
      store.write((): { matched: number } => {
        throw new TypeError('a mistake');
      }),
      put('b'),
    ]);
    expect(told).toMatchObject([
      { value: 'a' },
      { status: 'rejected', reason: { message: 'a mistake' } },
      { value: 'b' },
    ]);
    expect([stored('a'), stored('b')]).toEqual(['a', 'b']);
  });

  it('runs each operation once, also where lmdb runs a transaction after it said that it was committed', async () => {
    let late = (): void => undefined;
    fault.next = (_, run) => {
      late = run;
      fault.next = (transact, second) =>
        transact(() => {
          late();
          second();
        });
      return Promise.resolve();
    };
    runs.length = 0;
    expect(await Promise.all([put('a'), put('b')])).toEqual(['a', 'b']);
    expect(runs).toEqual(['a', 'b']);
    expect([stored('a'), stored('b')]).toEqual(['a', 'b']);
  });

  it('fails what waits where lmdb begins no transaction, and goes on', async () => {
    fault.next = () => Promise.reject(new Error('Commit failed'));
    const told = await Promise.allSettled([put('a'), put('b')]);
    expect(told).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { message: 'Commit failed' } })));
    expect(await put('c')).toBe('c');
  });

  it('fails what is asked of it where its folder is gone', async () => {
    folder.remove();
    const told = await Promise.allSettled([put('a'), put('b')]);
    expect(told).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { code: 'ENOENT' } })));
  });
});
