import { describe, expect, it } from 'vitest';
import { readPlan } from './options.ts';

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
  });

  it.each([
    [['--clients', '3'], /even/],
    [['--clients', 'many'], /--clients/],
    [['--seconds', '0'], /--seconds/],
    [['--open', '0.5'], /--open/],
    [['--storm', 'yes'], /--storm/],
    [['--loud'], /loud/],
  ])('refuses %j', (args, reason) => {
    expect(() => readPlan(args)).toThrow(reason);
  });
});
