import type { Server } from 'node:http';
import { isPictureForm } from './picture-form.ts';

/** Milliseconds within which a request must have come whole: one with a picture in it, and any other. */
export const REQUEST_MS_MAX = { form: 300_000, other: 30_000 };

/** Cuts what sends its small body slowly. Node has one limit for all requests, which is the form's. */
export function limitRequestTime(http: Server, otherMs: number): void {
  http.on('request', (req) => {
    const hasBody = req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined;
    if (!hasBody || isPictureForm(req)) return;
    const timer = setTimeout(() => {
      // As Node itself does it.
      if (!req.complete) req.socket.end('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
    }, otherMs);
    const forget = (): void => clearTimeout(timer);
    req.once('end', forget).once('close', forget);
  });
}
