import { parseArgs } from 'node:util';

export type BenchOptions = {
  clients: number;
  seconds: number;
  warmupSeconds: number;
  /** Processes that the clients are spread over; one core of driver must not be what is measured. */
  drivers: number;
  /** Messages a second that are sent whatever comes back; without it each pair waits for its last one. */
  openRate: number | undefined;
  /** Instances of chat-api and of the gateway, which `npm run bench` has started. */
  instances: number;
  json: boolean;
};

/** What is measured: messages, or as many connections at once, or idle connections, or a chat by its length. */
export type BenchPlan =
  | { subject: 'messages'; options: BenchOptions }
  | { subject: 'storm' | 'idle'; connections: number; json: boolean }
  | { subject: 'data-size'; messages: number; json: boolean };

const CLIENTS_PER_DRIVER = 500;

/** @throws a RangeError or TypeError that names the flag */
export function readPlan(args: readonly string[]): BenchPlan {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clients: { type: 'string', default: '100' },
      seconds: { type: 'string', default: '10' },
      warmup: { type: 'string', default: '3' },
      drivers: { type: 'string' },
      open: { type: 'string' },
      instances: { type: 'string', default: '1' },
      storm: { type: 'string' },
      idle: { type: 'string' },
      'data-size': { type: 'boolean', default: false },
      messages: { type: 'string', default: '100000' },
      json: { type: 'boolean', default: false },
    },
  });
  const { json } = values;
  if (values.storm !== undefined) return { subject: 'storm', connections: whole('storm', values.storm, 1), json };
  if (values.idle !== undefined) return { subject: 'idle', connections: whole('idle', values.idle, 1), json };
  if (values['data-size']) return { subject: 'data-size', messages: whole('messages', values.messages, 1_000), json };
  const clients = whole('clients', values.clients, 2);
  if (clients % 2 === 1) throw new RangeError('--clients must be even: clients play in pairs');
  const drivers = values.drivers ?? String(Math.ceil(clients / CLIENTS_PER_DRIVER));
  const options = {
    clients,
    seconds: whole('seconds', values.seconds, 1),
    warmupSeconds: whole('warmup', values.warmup, 0),
    drivers: Math.min(clients / 2, whole('drivers', drivers, 1)),
    openRate: values.open === undefined ? undefined : whole('open', values.open, 1),
    instances: whole('instances', values.instances, 1),
    json,
  };
  return { subject: 'messages', options };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`--${name} must be a whole number from ${least} on`);
  return value;
}
