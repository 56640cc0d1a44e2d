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

export type MongoOptions = { documents: number; seconds: number; soak: boolean; json: boolean };

export type PicturesOptions = { pictures: number; json: boolean };

/** What is measured: messages, or as many connections at once, or idle connections, or a chat by its length, or pictures, or the database alone. */
export type BenchPlan =
  | { subject: 'messages'; options: BenchOptions }
  | { subject: 'storm' | 'idle'; connections: number; json: boolean }
  | { subject: 'data-size'; messages: number; json: boolean }
  | { subject: 'pictures'; options: PicturesOptions }
  | { subject: 'mongo'; options: MongoOptions };

const CLIENTS_PER_DRIVER = 500;

/**
 * What `npm run bench -- …` asks for.
 * @throws a RangeError or TypeError that names the option
 */
export function readPlan(args: readonly string[]): BenchPlan {
  if (args[0] === 'mongo') return { subject: 'mongo', options: readMongoOptions(args.slice(1)) };
  if (args[0] === 'pictures') return { subject: 'pictures', options: readPicturesOptions(args.slice(1)) };
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
  const instances = whole('instances', values.instances, 1);
  if (values.storm !== undefined) return { subject: 'storm', connections: whole('storm', values.storm, 1), json };
  if (values.idle !== undefined) return { subject: 'idle', connections: whole('idle', values.idle, 1), json };
  if (values['data-size']) return { subject: 'data-size', messages: whole('messages', values.messages, 1_100), json };
  const clients = whole('clients', values.clients, 2);
  if (clients % 2 === 1) throw new RangeError('--clients must be even: clients play in pairs');
  const drivers = values.drivers ?? String(Math.ceil(clients / CLIENTS_PER_DRIVER));
  const options = {
    clients,
    seconds: whole('seconds', values.seconds, 1),
    warmupSeconds: whole('warmup', values.warmup, 0),
    drivers: Math.min(clients / 2, whole('drivers', drivers, 1)),
    openRate: values.open === undefined ? undefined : whole('open', values.open, 1),
    instances,
    json,
  };
  return { subject: 'messages', options };
}

function readMongoOptions(args: readonly string[]): MongoOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      documents: { type: 'string', default: '200000' },
      seconds: { type: 'string', default: '4' },
      soak: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const { soak, json } = values;
  return {
    documents: whole('documents', values.documents, 1),
    seconds: whole('seconds', values.seconds, 1),
    soak,
    json,
  };
}

function readPicturesOptions(args: readonly string[]): PicturesOptions {
  const options = { pictures: { type: 'string', default: '10' }, json: { type: 'boolean', default: false } } as const;
  const { values } = parseArgs({ args: [...args], options });
  return { pictures: whole('pictures', values.pictures, 1), json: values.json };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least)
    throw new RangeError(`--${name} must be a whole number from ${least} on`);
  return value;
}
