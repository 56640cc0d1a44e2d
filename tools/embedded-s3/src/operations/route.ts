import { S3Error, notImplemented } from '../errors.ts';
import type { S3Request } from '../request.ts';
import { BUCKET_OPERATIONS } from './buckets.ts';
import { DELETE_OBJECT, DELETE_OBJECTS } from './delete-objects.ts';
import { GET_OBJECT, HEAD_OBJECT } from './get-object.ts';
import { LIST_OBJECTS } from './list-objects.ts';
import type { Operation } from './operation.ts';
import { PUT_OBJECT } from './put-object.ts';

const OPERATIONS: readonly Operation[] = [
  ...BUCKET_OPERATIONS,
  LIST_OBJECTS,
  DELETE_OBJECTS,
  PUT_OBJECT,
  GET_OBJECT,
  HEAD_OBJECT,
  DELETE_OBJECT,
];

const ALWAYS_PARAMETERS = ['x-id'];
const ALWAYS_AMZ = [
  'x-amz-date',
  'x-amz-content-sha256',
  'x-amz-user-agent',
  'x-amz-trailer',
  'x-amz-decoded-content-length',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-checksum-*',
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-expires',
  'x-amz-signedheaders',
  'x-amz-signature',
];

/**
 * The operation that a request means. One parameter or `x-amz-*` that it does not know, and it is refused: to leave out
 * what was asked for (a tag, an ACL, encryption) would be to claim that it was done.
 * @throws S3Error NotImplemented, MethodNotAllowed
 */
export function route(request: S3Request): Operation {
  const on = request.bucket === undefined ? 'service' : request.key === undefined ? 'bucket' : 'object';
  const candidates = OPERATIONS.filter((one) => one.on === on && one.method === request.method);
  const operation =
    candidates.find(({ selector }) => selector !== undefined && request.query.has(selector)) ??
    candidates.find(({ selector }) => selector === undefined);
  const parameters = [...request.query.keys()].filter((name) => !name.toLowerCase().startsWith('x-amz-'));
  const known = [...ALWAYS_PARAMETERS, ...(operation?.parameters ?? []), operation?.selector];
  const unknown = parameters.find((name) => !known.includes(name));
  if (unknown !== undefined) throw notImplemented(`${request.method} of ?${unknown}`);
  if (!operation) {
    if (candidates.length > 0) throw notImplemented(`${request.method} of a ${on} without a parameter`);
    throw new S3Error('MethodNotAllowed', 'The specified method is not allowed against this resource.');
  }
  const amz = [...ALWAYS_AMZ, ...(operation.amz ?? [])];
  const unread = [...request.amz.keys()].find((name) => !amz.some((pattern) => isNamed(pattern, name)));
  if (unread !== undefined) throw notImplemented(`${unread} of ${operation.name}`);
  return operation;
}

const isNamed = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
