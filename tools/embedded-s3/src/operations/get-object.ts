import { closeSync } from 'node:fs';
import { checksumHeader } from '../body/checksums.ts';
import { S3Error } from '../errors.ts';
import type { S3Request } from '../request.ts';
import type { ObjectMeta } from '../storage/object-file.ts';
import { headerValue, readNothing } from './operation.ts';
import type { Call, Operation, Reply } from './operation.ts';

const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];
const common = {
  on: 'object',
  parameters: OVERRIDES.map((name) => `response-${name}`),
  amz: ['x-amz-checksum-mode'],
} as const;

export const GET_OBJECT: Operation = { ...common, name: 'GetObject', method: 'GET', run: readObject };

export const HEAD_OBJECT: Operation = { ...common, name: 'HeadObject', method: 'HEAD', run: readObject };

async function readObject(call: Call): Promise<Reply> {
  await readNothing(call);
  const { request } = call;
  const overrides = overridesOf(request);
  const { meta, fd } = call.bucket().open(call.key);
  try {
    const reply = describe(request, meta, overrides);
    const { start, end } = reply.range;
    if (request.method === 'GET' && reply.status < 300 && end >= start)
      return { status: reply.status, headers: reply.headers, body: { fd, start, end } };
    closeSync(fd);
    return { status: reply.status, headers: reply.headers };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function describe(request: S3Request, meta: ObjectMeta, overrides: Record<string, string>) {
  const identity = {
    etag: `"${meta.md5}"`,
    'last-modified': new Date(meta.modifiedAt).toUTCString(),
    'accept-ranges': 'bytes',
    // As CloudFront's response headers policy adds in front of the real one, which never sends it.
    'x-content-type-options': 'nosniff',
  };
  const whole = { start: 0, end: meta.size - 1 };
  if (isUnchanged(request, meta)) return { status: 304, headers: identity, range: whole };
  const part = rangeOf(request.headers.get('range'), meta.size);
  const range = part ?? whole;
  const showsChecksum = request.amz.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED' && !part;
  const headers: Record<string, string> = {
    'content-type': 'binary/octet-stream',
    ...meta.headers,
    ...overrides,
    ...identity,
    'content-length': String(range.end - range.start + 1),
  };
  if (showsChecksum && meta.checksum) headers[checksumHeader(meta.checksum.algorithm)] = meta.checksum.value;
  if (part) headers['content-range'] = `bytes ${part.start}-${part.end}/${meta.size}`;
  return { status: part ? 206 : 200, headers, range };
}

function overridesOf({ query }: S3Request): Record<string, string> {
  const given: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== undefined) given[name] = headerValue(`response-${name}`, value);
  }
  return given;
}

/** Conditions in the order of RFC 9110, 13.2.2. @throws S3Error PreconditionFailed */
function isUnchanged({ headers }: S3Request, meta: ObjectMeta): boolean {
  const names = (name: string): boolean | undefined => {
    const given = headers
      .get(name)
      ?.split(',')
      .map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
    return given && (given.includes('*') || given.includes(meta.md5));
  };
  const isNewerThan = (name: string): boolean | undefined => {
    const at = Date.parse(headers.get(name) ?? '');
    return Number.isNaN(at) ? undefined : Math.floor(meta.modifiedAt / 1000) * 1000 > at;
  };
  const failed = (condition: string) =>
    new S3Error('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
      Condition: condition,
    });
  const matches = names('if-match');
  if (matches === false) throw failed('If-Match');
  if (matches === undefined && isNewerThan('if-unmodified-since')) throw failed('If-Unmodified-Since');
  const isKnown = names('if-none-match');
  return isKnown ?? isNewerThan('if-modified-since') === false;
}

/** One range of bytes, `end` inclusive; undefined for the whole, as S3 answers what it cannot read or several ranges. */
function rangeOf(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size)
    throw new S3Error('InvalidRange', 'The requested range is not satisfiable', { ActualObjectSize: String(size) });
  return { start, end };
}
