import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import { clientAddress } from './client-address.ts';

/** Facts about the connection are the gateway's to tell; what the client claimed of them is replaced. */
export function headersFor(req: Request, res: Response, trustedHops: number): Record<string, string> {
  return {
    connection: 'keep-alive',
    'x-request-id': String(res.getHeader('x-request-id')),
    'x-forwarded-for': clientAddress({
      forwardedFor: req.get('x-forwarded-for'),
      remoteAddress: req.socket.remoteAddress,
      trustedHops,
    }),
    'x-forwarded-proto': (trustedHops > 0 ? req.get('x-forwarded-proto') : undefined) ?? 'http',
    'x-forwarded-host': req.get('host') ?? '',
  };
}

/** CORS and the connection are between the gateway and the client: a service has no say in them. */
export function tidyAnswer(answer: { headers: IncomingHttpHeaders }, isLast: boolean): void {
  for (const name of Object.keys(answer.headers)) {
    if (name.startsWith('access-control-')) delete answer.headers[name];
  }
  for (const name of ['connection', 'keep-alive', 'x-request-id']) delete answer.headers[name];
  if (isLast) answer.headers.connection = 'close';
  answer.headers.vary = [answer.headers.vary, 'Origin'].filter(Boolean).join(', ');
}
