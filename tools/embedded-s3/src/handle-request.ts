import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { authenticate } from './auth/authenticate.ts';
import type { Account } from './auth/authenticate.ts';
import { corsHeaders } from './cors.ts';
import { S3Error, invalidArgument } from './errors.ts';
import type { Reply } from './operations/operation.ts';
import { route } from './operations/route.ts';
import { checkKey, parseRequest } from './request.ts';
import type { S3Request } from './request.ts';
import type { Store } from './storage/store.ts';
import { element } from './xml.ts';

export type Endpoint = { store: Store; account: Account; onError(error: unknown): void };

/** What is left of a refused body is read up to here: whoever is still sending may not get to read an answer. */
const LEFTOVER_BYTES_MAX = 32 << 20;

/** Answers one request; never rejects. */
export async function handleRequest(endpoint: Endpoint, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const id = randomBytes(8).toString('hex').toUpperCase();
  // A client that asks first ("Expect: 100-continue") sends its body only once it is told to.
  let isSending = req.headers.expect === undefined;
  const accept = (): void => {
    if (!isSending) res.writeContinue();
    isSending = true;
  };
  let request: S3Request | undefined;
  let reply: Reply;
  try {
    request = parseRequest(req);
    reply = request.method === 'OPTIONS' ? preflight(endpoint, request) : await perform(endpoint, request, req, accept);
  } catch (error) {
    if (!(error instanceof S3Error) && !req.destroyed) endpoint.onError(error);
    const told = error instanceof S3Error ? error : new S3Error('InternalError', 'We encountered an internal error.');
    reply = errorReply(told, id, req.url ?? '');
  }
  if (isSending) await discardRest(req);
  await send(req, res, {
    ...reply,
    headers: { 'x-amz-request-id': id, ...(request && corsOf(endpoint, request)), ...reply.headers },
  }).catch(() => res.destroy()); // the client went away, or the file could not be read to its end
}

async function perform(
  { store, account }: Endpoint,
  request: S3Request,
  req: IncomingMessage,
  accept: () => void,
): Promise<Reply> {
  const auth = authenticate(request, account, Date.now());
  const { bucket = '', key = '' } = request;
  if (request.key !== undefined) checkKey(key);
  const operation = route(request);
  return operation.run({
    request,
    req,
    accept,
    auth,
    store,
    region: account.region,
    key,
    bucket: () => store.get(bucket),
  });
}

/** Browsers ask it without credentials; it tells nothing but the rules. */
function preflight({ store }: Endpoint, { bucket = '', headers }: S3Request): Reply {
  const origin = headers.get('origin');
  const method = headers.get('access-control-request-method');
  if (origin === undefined || method === undefined)
    throw new S3Error('BadRequest', 'Insufficient information. Origin request header needed.');
  const requestHeaders = (headers.get('access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (requestHeaders.some((name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name)))
    throw invalidArgument('Access-Control-Request-Headers is not valid');
  const allowed = corsHeaders(store.find(bucket)?.info.cors ?? [], { origin, method, requestHeaders });
  if (!allowed) throw new S3Error('AccessForbidden', 'CORSResponse: This CORS request is not allowed.');
  return { status: 200, headers: allowed };
}

/** On every answer, errors too: without them a page only learns that something failed. */
function corsOf({ store }: Endpoint, { method, bucket = '', headers }: S3Request): Record<string, string> {
  const origin = headers.get('origin');
  if (origin === undefined || method === 'OPTIONS') return {};
  return corsHeaders(store.find(bucket)?.info.cors ?? [], { origin, method }) ?? {};
}

function errorReply(error: S3Error, id: string, url: string): Reply {
  const elements = [
    element('Code', error.code),
    element('Message', error.message),
    ...Object.entries(error.details).map(([name, value]) => element(name, value)),
    element('Resource', url.split('?')[0] ?? ''),
    element('RequestId', id),
  ];
  return {
    status: error.status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', elements)}`,
  };
}

async function send(req: IncomingMessage, res: ServerResponse, reply: Reply): Promise<void> {
  const { status, body } = reply;
  const isFile = typeof body === 'object';
  const headers: Record<string, string> = { ...reply.headers };
  if (!isFile && status !== 204 && status !== 304) headers['content-length'] ??= String(Buffer.byteLength(body ?? ''));
  if (!req.complete) headers['connection'] = 'close';
  const data = isFile ? createReadStream('', body) : undefined;
  res.writeHead(status, headers);
  if (data) await pipeline(data, res);
  else res.end(body);
}

/** Resolves when the body is read to its end, the client is gone, or it is too much to wait for. */
function discardRest(req: IncomingMessage): Promise<void> {
  if (req.complete || req.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    let left = LEFTOVER_BYTES_MAX;
    req.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) resolve();
    });
    for (const event of ['end', 'error', 'close']) req.on(event, () => resolve());
  });
}
