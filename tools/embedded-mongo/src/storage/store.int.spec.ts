import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandError } from '../errors.ts';
import { temporaryFolder } from '../test/engine.fixture.ts';
import { Store } from './store.ts';

const folders: ReturnType<typeof temporaryFolder>[] = [];
let store: Store;
let undone = 0;

beforeEach(() => {
  const folder = temporaryFolder();
  folders.push(folder);
  store = new Store(folder.path, true);
  undone = 0;
  store.onUndone = () => void undone++;
});
afterEach(async () => {
  await store.close();
  for (const folder of folders.splice(0)) folder.remove();
});

const key = (n: number): Buffer => Buffer.from(`key ${n}`);
const put = (n: number): Promise<number> =>
  store.write(() => {
    store.put(key(n), Buffer.from([n]));
    return n;
  });
const stored = (n: number): number | undefined => store.get(key(n))?.[0];

describe('the write queue', () => {
  it('tells each operation of a batch what came of it, also where others of it fail', async () => {
    const told = await Promise.allSettled(
      Array.from({ length: 200 }, (_, n) =>
        n % 3 === 0
          ? store.write((): number => {
              throw new CommandError(11000, `no ${n}`);
            })
          : put(n),
      ),
    );
    told.forEach((one, n) => {
      if (n % 3 === 0) expect(one).toMatchObject({ status: 'rejected', reason: { code: 11000, message: `no ${n}` } });
      else expect(one).toEqual({ status: 'fulfilled', value: n });
      expect(stored(n)).toBe(n % 3 === 0 ? undefined : n);
    });
    expect(undone).toBe(0);
  });

  it('undoes a batch in which something unforeseen is thrown, fails that operation alone and runs the others again', async () => {
    const told = await Promise.allSettled([
      put(1),
      store.write(() => {
        store.put(key(2), Buffer.from([2]));
        throw new TypeError('a mistake');
      }),
      put(3),
      store.write(() => {
        throw new TypeError('another');
      }),
      put(5),
    ]);
    expect(told).toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: { message: 'a mistake' } },
      { status: 'fulfilled', value: 3 },
      { status: 'rejected', reason: { message: 'another' } },
      { status: 'fulfilled', value: 5 },
    ]);
    expect([1, 2, 3, 4, 5].map(stored)).toEqual([1, undefined, 3, undefined, 5]);
    expect(undone).toBe(2);
  });

  it('fails all of a batch that cannot be ended, and goes on', async () => {
    let left = 1;
    store.onBatchEnd = () => {
      if (left-- > 0) throw new Error('the end');
    };
    const told = await Promise.allSettled([put(1), put(2)]);
    expect(told).toMatchObject([1, 2].map(() => ({ status: 'rejected', reason: { message: 'the end' } })));
    expect([1, 2].map(stored)).toEqual([undefined, undefined]);
    expect(await put(3)).toBe(3);
  });
});
