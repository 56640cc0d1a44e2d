import type { Socket } from 'node:net';
import type { Doc } from '../bson/types.ts';
import { Frames } from './frames.ts';
import type { Reply, Request } from './message.ts';
import { MORE_TO_COME, buildReply, lastReplyId, parseMessage } from './message.ts';

/** Answers a command; `repeat` makes it answered again without being asked (an exhaust stream). */
export type Answer = { reply: Reply; repeat?: Doc };

export type Handler = (request: Request, signal: AbortSignal) => Answer | Promise<Answer>;

/** Thrown by a handler: ends the connection without an answer. */
export class ConnectionLost extends Error {}

const REPLIES_AT_ONCE = 32;
const WAITING_MAX = 1_000;

/** Serves one client: commands one after another, in the order they came. */
export function serveConnection(socket: Socket, handle: Handler): void {
  const frames = new Frames();
  const closed = new AbortController();
  let waiting: Request[] = [];
  let replies: Buffer[] = [];
  let isServing = false;

  const send = async (): Promise<void> => {
    socket.cork();
    for (const reply of replies) socket.write(reply);
    replies = [];
    socket.uncork();
    if (socket.writableNeedDrain) await drained(socket);
  };

  /** What can be answered at once is, and the answers to what arrived together are sent together. */
  const serve = async (): Promise<void> => {
    isServing = true;
    while (waiting.length > 0) {
      const requests = waiting;
      waiting = [];
      for (const request of requests) {
        const answered = handle(request, closed.signal);
        if (answered instanceof Promise && replies.length > 0) await send();
        const answer = answered instanceof Promise ? await answered : answered;
        if (closed.signal.aborted) return;
        if (answer.repeat && request.exhaustAllowed) await stream(socket, request, answer, handle, closed.signal);
        else if (!request.silent) replies.push(buildReply(request, answer.reply));
        if (replies.length >= REPLIES_AT_ONCE) await send();
      }
      if (replies.length > 0) await send();
      socket.resume();
    }
    isServing = false;
  };

  socket.setNoDelay(true);
  socket.on('data', (chunk) => {
    try {
      for (const message of frames.push(chunk)) waiting.push(parseMessage(message));
    } catch {
      // What is no message can't be answered either: only this connection ends.
      socket.destroy();
      return;
    }
    // A client may send ahead, but not without end.
    if (waiting.length > WAITING_MAX) socket.pause();
    if (!isServing) serve().catch(() => void socket.destroy());
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => closed.abort());
}

/** Answers, and goes on to answer without being asked, each time to the reply before. */
async function stream(
  socket: Socket,
  first: Request,
  answer: Answer,
  handle: Handler,
  signal: AbortSignal,
): Promise<void> {
  let request = first;
  for (let next = answer; !signal.aborted; next = await handle(request, signal)) {
    socket.write(buildReply(request, next.reply, next.repeat ? MORE_TO_COME : 0));
    if (!next.repeat) break;
    if (socket.writableNeedDrain) await drained(socket);
    request = { ...request, requestId: lastReplyId(), body: next.repeat };
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
