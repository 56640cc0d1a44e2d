import type { IncomingMessage } from 'node:http';

/** The caller's own token, to ask another service on their behalf. */
export function authorizationOf(req: IncomingMessage): string {
  return req.headers.authorization ?? '';
}
