import { IMAGE_BYTES_MAX } from '@parley/domain';
import type { IncomingMessage } from 'node:http';

/** A picture, and room for the fields and what stands between the parts: as many as chat-api takes. */
export const FORM_BYTES_MAX = IMAGE_BYTES_MAX + 128 * 1024;

/** Whether a request is the one kind whose body is not small: a message sent as a form, with its picture in it. */
export function isPictureForm(req: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): boolean {
  return (
    req.method === 'POST' &&
    req.url === '/api/v1/chat/message' &&
    /^multipart\/form-data\s*(;|$)/i.test(req.headers['content-type'] ?? '')
  );
}
