import { describe, expect, it } from 'vitest';
import { readPlan } from './options.ts';
import { USAGE } from './usage.ts';

describe('readPlan', () => {
  it('measures messages in a closed loop unless told otherwise, with one driver for every 500 clients', () => {
    expect(readPlan([])).toEqual({
      subject: 'messages',
      options: {
        clients: 100,
        seconds: 10,
        warmupSeconds: 3,
        drivers: 1,
        openRate: undefined,
        instances: 1,
        json: false,
      },
    });
    expect(readPlan(['--clients', '2000', '--open', '1000', '--instances', '2', '--json'])).toMatchObject({
      options: { clients: 2_000, drivers: 4, openRate: 1_000, instances: 2, json: true },
    });
  });

  it('measures connections and long chats', () => {
    expect(readPlan(['--storm', '2000'])).toEqual({ subject: 'storm', connections: 2_000, json: false });
    expect(readPlan(['--idle', '5000', '--json'])).toEqual({ subject: 'idle', connections: 5_000, json: true });
    expect(readPlan(['--data-size'])).toEqual({ subject: 'data-size', messages: 100_000, json: false });
    expect(readPlan(['pictures', '--json'])).toEqual({ subject: 'pictures', options: { pictures: 10, json: true } });
    expect(readPlan(['mongo', '--documents', '20'])).toEqual({
      subject: 'mongo',
      options: { documents: 20, seconds: 4, soak: false, json: false },
    });
  });

  it('takes everything that the help names', () => {
    const named = [...new Set(USAGE.match(/--[a-z-]+(?= |$)/gm))].filter((name) => name !== '--help');
    expect(named.length).toBeGreaterThan(10);
    const known = (name: string) => {
      for (const args of [
        [name],
        [`${name}=2000`],
        ['mongo', name],
        ['mongo', `${name}=2000`],
        ['pictures', `${name}=2000`],
      ]) {
        try {
          return [readPlan(args)].length > 0;
        } catch {
          // Tried as the next one.
        }
      }
      return false;
    };
    expect(named.filter((name) => !known(name))).toEqual([]);
  });

  it.each([
    [['--clients', '3'], /even/],
    [['--clients', 'many'], /--clients/],
    [['--seconds', '0'], /--seconds/],
    [['--open', '0.5'], /--open/],
    [['--storm', 'yes'], /--storm/],
    [['--loud'], /loud/],
    [['--clients', ''], /--clients/],
    [['--storm', '50', '--instances', '0'], /--instances/],
    [['mongo', '--documents', '0'], /--documents/],
    [['pictures', '--pictures', '0'], /--pictures/],
    [['pictures', '--clients', '2'], /clients/],
    [['mongo', '--clients', '2'], /clients/],
  ])('refuses %j', (args, reason) => {
    expect(() => readPlan(args)).toThrow(reason);
  });
});
