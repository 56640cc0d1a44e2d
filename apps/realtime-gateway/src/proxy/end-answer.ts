import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whoever sends still more, or longer, than any client of ours is cut. */
const LEFT_BYTES_MAX = 32 * 1024 * 1024;
const LEFT_MS_MAX = 30_000;

/**
 * Ends an answer that is written, although its request may still be coming: what is left of that is read and dropped. A connection that
 * ends with this answer stays open as long, since closing it with bytes unread would lose the answer (RFC 9112, 9.6).
 */
export async function endAnswer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const drained = drain(req);
  if (!res.shouldKeepAlive) await drained;
  res.end();
}

function drain(req: IncomingMessage): Promise<void> {
  if (req.complete || req.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = LEFT_BYTES_MAX;
    const timer = setTimeout(() => req.destroy(), LEFT_MS_MAX);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    req.on('data', (piece: Buffer) => {
      left -= piece.length;
      if (left < 0) req.destroy();
    });
    // Its end is all that matters, not why.
    req.on('error', () => undefined);
    req.once('close', done).once('end', done).resume();
  });
}
