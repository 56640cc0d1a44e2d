import type { Socket } from 'node:net';
import { encode } from '../bson/encode.ts';
import type { Doc } from '../bson/types.ts';
import { CommandError } from '../errors.ts';
import { Frames } from './frames.ts';
import type { Request } from './message.ts';
import { MORE_TO_COME, buildReply, lastReplyId, parseMessage } from './message.ts';

/** A reply: a document, or one that is encoded already. */
export type Reply = Doc | Buffer;

/** Answers a command; `repeat` makes it answered again without being asked (an exhaust stream). */
export type Answer = { reply: Reply; repeat?: Doc };

export type Handler = (request: Request, signal: AbortSignal) => Promise<Answer>;

/** Serves one client: commands one after another, in the order they came. */
export function serveConnection(socket: Socket, handle: Handler): void {
  const frames = new Frames();
  const closed = new AbortController();
  let queue: Promise<void> = Promise.resolve();
  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    try {
      const requests = frames.push(chunk).map(parseMessage);
      if (requests.length > 0)
        queue = queue.then(() => answerAll(socket, requests, handle, closed.signal)).catch(() => void socket.destroy());
    } catch {
      // What is no message can't be answered either: only this connection ends.
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closed.abort());
}

async function answerAll(
  socket: Socket,
  requests: readonly Request[],
  handle: Handler,
  signal: AbortSignal,
): Promise<void> {
  for (const request of requests) {
    if (signal.aborted) return;
    await answer(socket, request, handle, signal);
  }
}

async function answer(socket: Socket, request: Request, handle: Handler, signal: AbortSignal): Promise<void> {
  let current = request;
  for (;;) {
    const { reply, repeat } = await handle(current, signal);
    if (request.silent || signal.aborted) return;
    const again = repeat !== undefined && request.exhaustAllowed;
    const flushed = socket.write(buildReply(current, toBytes(reply), again ? MORE_TO_COME : 0));
    if (!flushed) await drained(socket);
    if (!again) return;
    current = { ...request, requestId: lastReplyId(), body: repeat };
  }
}

function toBytes(reply: Reply): Buffer {
  if (Buffer.isBuffer(reply)) return reply;
  try {
    return encode(reply);
  } catch (error) {
    return encode(new CommandError(10334, error instanceof Error ? error.message : String(error)).toReply());
  }
}

/** A client that doesn't read gets no further replies until it does. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
  });
}
