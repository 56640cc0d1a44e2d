import type { IncomingMessage } from 'node:http';
import type { Authenticated } from '../auth/authenticate.ts';
import { receiveBody } from '../body/receive-body.ts';
import { invalidArgument } from '../errors.ts';
import type { S3Request } from '../request.ts';
import type { Bucket } from '../storage/bucket.ts';
import type { Store } from '../storage/store.ts';

export type Call = {
  request: S3Request;
  req: IncomingMessage;
  /** Tells a client that asked first ("Expect: 100-continue") to send its body. */
  accept(): void;
  auth: Authenticated;
  store: Store;
  region: string;
  /** The bucket that the path names. @throws S3Error NoSuchBucket */
  bucket(): Bucket;
  /** The key that the path names, checked. */
  key: string;
};

export type Reply = {
  status: number;
  headers?: Record<string, string>;
  /** A text, or a part of a file (`end` inclusive) whose descriptor the sender closes. */
  body?: string | { fd: number; start: number; end: number };
};

export type Operation = {
  name: string;
  method: string;
  on: 'service' | 'bucket' | 'object';
  /** The parameter of the query by which it is chosen. */
  selector?: string;
  /** Parameters that it knows besides, and `x-amz-*` (a name, or its beginning before `*`) besides those of every request. */
  parameters?: readonly string[];
  amz?: readonly string[];
  run(call: Call): Promise<Reply> | Reply;
};

const DOCUMENT_BYTES_MAX = 4 << 20;

/** Reads and verifies a body that is a document: up to 4 MiB. Requests that need none are checked by it, too. */
export async function readDocument(call: Call, maxBytes = DOCUMENT_BYTES_MAX): Promise<string> {
  const pieces: Buffer[] = [];
  await receiveBody({ ...call, maxBytes, write: (piece) => void pieces.push(piece) });
  return Buffer.concat(pieces).toString();
}

/** A body that has to be empty. */
export const readNothing = (call: Call): Promise<string> => readDocument(call, 0);

export const xmlReply = (body: string, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body,
});

/** Refuses what cannot be told in a header as it was given. */
export function headerValue(name: string, value: string): string {
  if (!/^[\x20-\x7e]*$/.test(value)) throw invalidArgument(`Header value cannot be represented: ${name}`);
  return value;
}
