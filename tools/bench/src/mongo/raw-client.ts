import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { BSON } from 'mongodb';

const IN_FLIGHT = 64;
const OP_MSG = 2013;
const HEAD_BYTES = 21;

export type RawClient = {
  /** Sends that many commands before it waits for the first answer; resolves when all are answered. */
  ask(commands: readonly BSON.Document[]): Promise<void>;
  close(): void;
};

/** What the engine does when the driver isn't what takes the time: commands written back to back on one connection, answers only counted. */
export async function openRawClient(uri: string): Promise<RawClient> {
  const { hostname, port } = new URL(uri);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  const answers = countAnswers(socket);
  return {
    ask: (commands) => {
      const answered = answers(commands.length);
      socket.write(Buffer.concat(commands.map(toMessage)));
      return answered;
    },
    close: () => socket.destroy(),
  };
}

export const RAW_IN_FLIGHT = IN_FLIGHT;

function toMessage(command: BSON.Document): Buffer {
  const body = BSON.serialize(command);
  const out = Buffer.alloc(HEAD_BYTES + body.length);
  out.writeInt32LE(out.length, 0);
  out.writeInt32LE(OP_MSG, 12);
  out.set(body, HEAD_BYTES);
  return out;
}

/** Resolves when so many more whole messages have come. */
function countAnswers(socket: Socket): (count: number) => Promise<void> {
  let rest = Buffer.alloc(0);
  let wanted = 0;
  let settled: { resolve(): void; reject(error: unknown): void } | undefined;
  socket.on('data', (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (; rest.length - at >= 4 && rest.length - at >= rest.readInt32LE(at); at += rest.readInt32LE(at)) wanted -= 1;
    rest = rest.subarray(at);
    if (wanted <= 0) settled?.resolve();
  });
  socket.on('error', (error) => settled?.reject(error));
  socket.on('close', () => settled?.reject(new Error('the engine closed the connection')));
  return (count) => {
    wanted = count;
    return new Promise((resolve, reject) => (settled = { resolve, reject }));
  };
}
