import { invalidArgument, notImplemented } from '../errors.ts';
import { element, xmlDocument } from '../xml.ts';
import { iso } from './buckets.ts';
import { readNothing, xmlReply } from './operation.ts';
import type { Operation } from './operation.ts';

const PAGE_MAX = 1000;

export const LIST_OBJECTS: Operation = {
  name: 'ListObjectsV2',
  method: 'GET',
  on: 'bucket',
  selector: 'list-type',
  parameters: ['prefix', 'delimiter', 'max-keys', 'continuation-token', 'start-after', 'encoding-type'],
  async run(call) {
    await readNothing(call);
    const { query } = call.request;
    if (query.get('list-type') !== '2') throw notImplemented('ListObjects other than version 2');
    const encoding = query.get('encoding-type');
    if (encoding !== undefined && encoding !== 'url')
      throw invalidArgument('Invalid Encoding Method specified in Request');
    const text = (name: string, value: string): string =>
      element(name, encoding === 'url' ? encodeURIComponent(value).replaceAll('%2F', '/') : value);

    const bucket = call.bucket();
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const token = query.get('continuation-token');
    const after = token === undefined ? (query.get('start-after') ?? '') : fromToken(token);
    const max = pageSize(query.get('max-keys'));
    const page = pageOf(bucket.keys(prefix), { prefix, delimiter, after, max });

    const contents = page.keys.map((key) => {
      const { md5, size, modifiedAt } = bucket.get(key);
      return element('Contents', [
        text('Key', key),
        element('LastModified', iso(modifiedAt)),
        element('ETag', `"${md5}"`),
        element('Size', size),
        element('StorageClass', 'STANDARD'),
      ]);
    });
    return xmlReply(
      xmlDocument('ListBucketResult', [
        element('Name', bucket.info.name),
        text('Prefix', prefix),
        ...(delimiter === '' ? [] : [text('Delimiter', delimiter)]),
        ...(encoding === undefined ? [] : [element('EncodingType', encoding)]),
        element('KeyCount', page.keys.length + page.prefixes.length),
        element('MaxKeys', max),
        element('IsTruncated', page.next !== undefined),
        ...(token === undefined ? [] : [element('ContinuationToken', token)]),
        ...(page.next === undefined ? [] : [element('NextContinuationToken', toToken(page.next))]),
        ...contents,
        ...page.prefixes.map((one) => element('CommonPrefixes', [text('Prefix', one)])),
      ]),
    );
  },
};

export type Page = { keys: string[]; prefixes: string[]; next: string | undefined };

/**
 * One page of keys in order; those with the same beginning up to the delimiter count as one.
 * @param o.after keys and common prefixes up to this one were told before
 * @returns with `next` where there is more: what to pass as `after`
 */
export function pageOf(
  sorted: readonly string[],
  o: { prefix: string; delimiter: string; after: string; max: number },
): Page {
  const page: Page = { keys: [], prefixes: [], next: undefined };
  const after = Buffer.from(o.after);
  let last: string | undefined;
  for (const key of sorted) {
    const end = o.delimiter === '' ? -1 : key.indexOf(o.delimiter, o.prefix.length);
    const told = end === -1 ? key : key.slice(0, end + o.delimiter.length);
    if (told === last || Buffer.compare(Buffer.from(told), after) <= 0) continue;
    if (page.keys.length + page.prefixes.length >= o.max) {
      page.next = last;
      break;
    }
    (end === -1 ? page.keys : page.prefixes).push(told);
    last = told;
  }
  return page;
}

function pageSize(given: string | undefined): number {
  if (given === undefined) return PAGE_MAX;
  if (!/^\d{1,9}$/.test(given)) throw invalidArgument('Provided max-keys not an integer or within integer range');
  return Math.min(Number(given), PAGE_MAX);
}

const toToken = (last: string): string => Buffer.from(last).toString('base64url');

function fromToken(token: string): string {
  const last = Buffer.from(token, 'base64url').toString();
  if (last === '' || toToken(last) !== token) throw invalidArgument('The continuation token provided is incorrect');
  return last;
}
