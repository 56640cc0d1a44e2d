import { parseArgs } from 'node:util';
/** `seed` decides every fault and every choice of a client; `rate` is what all clients try together, in acts a second. */
export type TortureOptions = { seed: number; minutes: number; pairs: number; rate: number };

/** @throws a RangeError or TypeError that names the option */
export function readOptions(args: readonly string[]): TortureOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      minutes: { type: 'string', default: '10' },
      pairs: { type: 'string', default: '60' },
      rate: { type: 'string', default: '160' },
    },
  });
  return {
    seed: whole('seed', values.seed, { from: 0, to: 2 ** 32 - 1 }),
    minutes: positive('minutes', values.minutes, 24 * 60),
    pairs: whole('pairs', values.pairs, { from: 1, to: 500 }),
    rate: positive('rate', values.rate, 2_000),
  };
}

function whole(name: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = numberIn(text);
  if (!Number.isInteger(value) || value < from || value > to)
    throw new RangeError(`--${name} must be a whole number from ${from} to ${to}`);
  return value;
}

function positive(name: string, text: string, max: number): number {
  const value = numberIn(text);
  if (!(value > 0 && value <= max)) throw new RangeError(`--${name} must be a number above 0, and at most ${max}`);
  return value;
}

const numberIn = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
