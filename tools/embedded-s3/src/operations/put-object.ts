import { receiveBody } from '../body/receive-body.ts';
import { checksumHeader } from '../body/checksums.ts';
import { S3Error, invalidArgument, notImplemented } from '../errors.ts';
import type { S3Request } from '../request.ts';
import { checkKey } from '../request.ts';
import { createReadStream } from 'node:fs';
import { element, xmlDocument } from '../xml.ts';
import { iso } from './buckets.ts';
import { headerValue, readNothing, xmlReply } from './operation.ts';
import type { Call, Operation, Reply } from './operation.ts';

const KEPT = ['content-type', 'cache-control', 'content-disposition', 'content-language', 'expires'];
const METADATA_BYTES_MAX = 2048;
/** What S3 takes in one upload. */
const OBJECT_BYTES_MAX = 5 * 2 ** 30;

export const PUT_OBJECT: Operation = {
  name: 'PutObject',
  method: 'PUT',
  on: 'object',
  amz: ['x-amz-meta-*', 'x-amz-copy-source', 'x-amz-metadata-directive'],
  run: (call) => (call.request.amz.has('x-amz-copy-source') ? copyObject(call) : putObject(call)),
};

async function putObject(call: Call): Promise<Reply> {
  const { request, key } = call;
  const bucket = call.bucket();
  const onlyNew = isOnlyNew(request);
  const headers = describedHeaders(request);
  if (onlyNew) bucket.refuseExisting(key); // before the body comes; and again when it is there
  const meta = await call.store.write(bucket.info.name, {
    onlyNew,
    fill: async (write) => {
      const received = await receiveBody({ ...call, maxBytes: OBJECT_BYTES_MAX, write });
      return { ...received, key, modifiedAt: Date.now(), headers };
    },
  });
  const checksum = meta.checksum && { [checksumHeader(meta.checksum.algorithm)]: meta.checksum.value };
  return { status: 200, headers: { etag: `"${meta.md5}"`, ...checksum } };
}

async function copyObject(call: Call): Promise<Reply> {
  const { request, store, key } = call;
  await readNothing(call);
  const { amz } = request;
  const directive = amz.get('x-amz-metadata-directive') ?? 'COPY';
  if (directive !== 'COPY' && directive !== 'REPLACE') throw invalidArgument('Unknown metadata directive.');
  const source = parseSource(amz.get('x-amz-copy-source') ?? '');
  const isItself = source.bucket === request.bucket && source.key === key;
  if (isItself && directive === 'COPY')
    throw new S3Error(
      'InvalidRequest',
      'This copy request is illegal because it copies an object to itself unchanged.',
    );
  const target = call.bucket().info.name;
  const onlyNew = isOnlyNew(request);
  const headers = describedHeaders(request);
  const { meta: old, fd } = store.get(source.bucket).open(source.key);
  const data = createReadStream('', { fd, start: 0, end: Math.max(0, old.size - 1) });
  const meta = await store.write(target, {
    onlyNew,
    fill: async (write) => {
      for await (const piece of data) if (old.size > 0) await write(piece as Buffer);
      return { ...old, key, modifiedAt: Date.now(), headers: directive === 'COPY' ? old.headers : headers };
    },
  });
  const result = [element('LastModified', iso(meta.modifiedAt)), element('ETag', `"${meta.md5}"`)];
  return xmlReply(xmlDocument('CopyObjectResult', result));
}

/** `/bucket/key` or `bucket/key`, percent-encoded. */
function parseSource(given: string): { bucket: string; key: string } {
  let source: string;
  try {
    source = decodeURIComponent(given).replace(/^\//, '');
  } catch {
    throw invalidArgument('Copy Source must be percent-encoded UTF-8');
  }
  if (given.includes('?')) throw notImplemented('versions');
  const slash = source.indexOf('/');
  if (slash < 1) throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const key = source.slice(slash + 1);
  checkKey(key);
  return { bucket: source.slice(0, slash), key };
}

function isOnlyNew({ headers }: S3Request): boolean {
  if (headers.has('if-match')) throw notImplemented('If-Match of a write');
  const condition = headers.get('if-none-match');
  if (condition !== undefined && condition !== '*') throw notImplemented('If-None-Match of a write, other than *');
  return condition !== undefined;
}

/** The headers and metadata that are kept with an object and come with each answer. */
function describedHeaders({ headers, amz }: S3Request): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = headers.get(name);
    if (value !== undefined) kept[name] = headerValue(name, value);
  }
  const encoding = (headers.get('content-encoding') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '');
  if (encoding.length > 0) kept['content-encoding'] = headerValue('content-encoding', encoding.join(','));
  let bytes = 0;
  for (const [name, value] of amz) {
    if (!name.startsWith('x-amz-meta-')) continue;
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw invalidArgument('A name of metadata is not valid');
    kept[name] = headerValue(name, value);
    bytes += name.length - 'x-amz-meta-'.length + value.length;
  }
  if (bytes > METADATA_BYTES_MAX)
    throw new S3Error('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  return kept;
}
