import { NextResponse, type NextRequest } from 'next/server';
import { loopbackNames } from './client/http/loopback.ts';
import { readEnv } from './env.ts';

/** Gives each page its Content-Security-Policy: scripts by nonce only, connections only to ourselves, the API, the socket and the object storage. */
export function proxy(request: NextRequest): NextResponse {
  const { apiUrl, socketUrl, pictureOrigins, isDevelopment } = readEnv();
  const nonce = btoa(crypto.randomUUID());
  const connections = [...new Set([apiUrl, socketUrl].flatMap(loopbackNames))];
  const pictures = pictureOrigins.map((origin) => new URL(origin).origin);
  const policy = [
    `default-src 'self'`,
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? ` 'unsafe-eval'` : ''}`,
    // React writes style attributes into the server's HTML, and no nonce covers those.
    `style-src 'self' 'unsafe-inline'`,
    `img-src 'self' blob: data: ${[...connections, ...pictures].join(' ')}`,
    `font-src 'self'`,
    `connect-src 'self' ${[...connections, ...connections.map(webSocketOrigin), ...pictures].join(' ')}`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');

  // Next.js finds the nonce in the request's own policy, and puts it on the scripts it writes.
  const headers = new Headers(request.headers);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

export const config = { matcher: '/((?!_next/static|_next/image|icon.svg).*)' };

const webSocketOrigin = (origin: string): string => origin.replace(/^http/, 'ws');
