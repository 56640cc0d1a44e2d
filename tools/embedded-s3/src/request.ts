import type { IncomingMessage } from 'node:http';
import { S3Error, invalidArgument } from './errors.ts';

/** A request's line and headers, read once and strictly: what could be read in two ways is refused. */
export type S3Request = {
  method: string;
  /** The decoded path, as it is signed. */
  path: string;
  /** Path style: the first segment. Undefined for the service itself. */
  bucket: string | undefined;
  /** What follows the bucket; not checked yet. */
  key: string | undefined;
  /** Decoded names and values. */
  query: Map<string, string>;
  /** Names in lower case; values trimmed, with runs of spaces as one, as they are signed. */
  headers: Map<string, string>;
  /** All `x-amz-*` by names in lower case: a presigned URL carries in its query what else would be headers. */
  amz: Map<string, string>;
};

const SENT_ONCE = /^(x-amz-.*|content-.*|if-.*|host|authorization|range|date|origin|access-control-request-.*)$/;
const KEY_BYTES_MAX = 1024;

/** @throws S3Error InvalidURI, InvalidRequest, InvalidArgument */
export function parseRequest(req: Pick<IncomingMessage, 'method' | 'url' | 'rawHeaders'>): S3Request {
  const target = req.url ?? '';
  if (!/^\/[\x21-\x7e]*$/.test(target) || target.includes('#')) throw invalidUri();
  const mark = target.indexOf('?');
  const rawPath = mark === -1 ? target : target.slice(0, mark);
  const slash = rawPath.indexOf('/', 1);
  const bucket = decode(slash === -1 ? rawPath.slice(1) : rawPath.slice(1, slash));
  const key = slash === -1 ? '' : decode(rawPath.slice(slash + 1));
  const headers = readHeaders(req.rawHeaders);
  const query = readQuery(mark === -1 ? '' : target.slice(mark + 1));
  return {
    method: req.method ?? '',
    path: decode(rawPath),
    // `//x` names a bucket, although none that exists.
    bucket: rawPath === '/' ? undefined : bucket,
    key: key === '' ? undefined : key,
    query,
    headers,
    amz: joined(headers, query),
  };
}

/**
 * Refuses keys that mean different things to different programs: as a path, as a URL, as text.
 * @throws S3Error
 */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > KEY_BYTES_MAX) throw new S3Error('KeyTooLongError', 'Your key is too long');
  // Control characters, and what XML cannot say.
  if (/[\p{Cc}\uFFFE\uFFFF]/u.test(key)) throw invalidArgument('The key has a control character');
  if (key.split('/').some((segment) => segment === '' || segment === '.' || segment === '..'))
    throw invalidArgument('The key has an empty segment or one of dots');
}

const invalidUri = (): S3Error => new S3Error('InvalidURI', "Couldn't parse the specified URI.");

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUri(); // not UTF-8, or no percent-encoding
  }
}

function readQuery(text: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const part of text.split('&').filter((one) => one !== '')) {
    const equals = part.indexOf('=');
    const name = decode(equals === -1 ? part : part.slice(0, equals));
    if (query.has(name)) throw invalidArgument(`The parameter ${name} is given twice`);
    query.set(name, equals === -1 ? '' : decode(part.slice(equals + 1)));
  }
  return query;
}

function readHeaders(raw: string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = (raw[at + 1] ?? '').trim().replace(/ +/g, ' ');
    const before = headers.get(name);
    if (before !== undefined && SENT_ONCE.test(name))
      throw new S3Error('InvalidRequest', `The header ${name} is sent twice`);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

function joined(headers: Map<string, string>, query: Map<string, string>): Map<string, string> {
  const amz = new Map([...headers].filter(([name]) => name.startsWith('x-amz-')));
  for (const [given, value] of query) {
    const name = given.toLowerCase();
    if (!name.startsWith('x-amz-')) continue;
    if (amz.has(name)) throw invalidArgument(`${name} is given twice`);
    amz.set(name, value);
  }
  return amz;
}
