import { parseArgs } from 'node:util';

export type BenchOptions = {
  clients: number;
  seconds: number;
  warmupSeconds: number;
  /** Processes that the clients are spread over; one core of driver must not be what is measured. */
  drivers: number;
  json: boolean;
};

const CLIENTS_PER_DRIVER = 200;

/** @throws a RangeError or TypeError that names the flag */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '10' },
      warmup: { type: 'string', default: '3' },
      drivers: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  const clients = whole('clients', values.clients, 2);
  if (clients % 2 === 1) throw new RangeError('--clients must be even: clients play in pairs');
  const drivers = values.drivers ?? String(Math.ceil(clients / CLIENTS_PER_DRIVER));
  return {
    clients,
    seconds: whole('seconds', values.seconds, 1),
    warmupSeconds: whole('warmup', values.warmup, 0),
    drivers: Math.min(clients / 2, whole('drivers', drivers, 1)),
    json: values.json,
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`--${name} must be a whole number from ${least} on`);
  return value;
}
