import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTurns } from './turns.ts';

const many = { all: 10, person: 10 };
const settled = () => new Promise(setImmediate);

/** Work that goes on until it is told to end. */
function createWork(turns: ReturnType<typeof createTurns>) {
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const ask = (name: string): Promise<void> =>
    turns(name.charAt(0), () => {
      begun.push(name);
      return new Promise((resolve, reject) => ends.set(name, (error) => (error ? reject(error) : resolve())));
    });
  const end = async (name: string, error?: Error) => {
    ends.get(name)?.(error);
    await settled();
  };
  return { begun, ask, end };
}

afterEach(() => vi.useRealTimers());

describe('createTurns', () => {
  it('runs one thing a person and so many in all, in the order of asking', async () => {
    const { begun, ask, end } = createWork(createTurns({ atOnce: 2, waiting: many, waitMsMax: 60_000 }));
    const done = ['a1', 'a2', 'b1', 'c1', 'a3'].map(ask);
    await settled();
    expect(begun).toEqual(['a1', 'b1']);
    await end('b1');
    expect(begun).toEqual(['a1', 'b1', 'c1']);
    await end('a1');
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
    await end('c1');
    // Its person has one running already.
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2']);
    await end('a2');
    await end('a3');
    await Promise.all(done);
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
  });

  it('goes on after what failed', async () => {
    const { begun, ask, end } = createWork(createTurns({ atOnce: 1, waiting: many, waitMsMax: 60_000 }));
    const [first, second] = [ask('a1'), ask('a2')];
    await settled();
    const told = expect(first).rejects.toThrow('broken');
    await end('a1', new Error('broken'));
    await told;
    expect(begun).toEqual(['a1', 'a2']);
    await end('a2');
    await second;
  });

  it('refuses when too many wait, says when to come back, and takes more as soon as there is room', async () => {
    const { begun, ask, end } = createWork(
      createTurns({ atOnce: 1, waiting: { all: 2, person: 2 }, waitMsMax: 60_000 }),
    );
    const taken = ['a1', 'b1', 'c1'].map(ask);
    await settled();
    await expect(ask('d1')).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
    await end('a1');
    const later = ask('d2');
    for (const name of ['b1', 'c1', 'd2']) await end(name);
    await Promise.all([...taken, later]);
    expect(begun).toEqual(['a1', 'b1', 'c1', 'd2']);
  });

  it('lets one person fill no more than their part of the places', async () => {
    const { begun, ask, end } = createWork(
      createTurns({ atOnce: 1, waiting: { all: 4, person: 2 }, waitMsMax: 60_000 }),
    );
    const taken = ['a1', 'a2', 'a3'].map(ask);
    await settled();
    await expect(ask('a4')).rejects.toMatchObject({ code: 'unavailable' });
    taken.push(ask('b1'));
    for (const name of ['a1', 'a2', 'a3', 'b1']) await end(name);
    await Promise.all(taken);
    expect(begun).toEqual(['a1', 'a2', 'a3', 'b1']);
  });

  it('sends away who has waited too long, and nobody who has begun', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { begun, ask, end } = createWork(createTurns({ atOnce: 1, waiting: many, waitMsMax: 1_000 }));
    const first = ask('a1');
    const told = expect(ask('b1')).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
    await settled();
    vi.advanceTimersByTime(500);
    const third = ask('c1');
    await settled();
    vi.advanceTimersByTime(999);
    await told;
    await end('a1');
    await end('c1');
    await Promise.all([first, third]);
    expect(begun).toEqual(['a1', 'c1']);
  });
});
