import { corsDocument, parseCors } from '../cors.ts';
import { S3Error } from '../errors.ts';
import { element, malformed, parseXml, textOf, xmlDocument } from '../xml.ts';
import { readDocument, readNothing, xmlReply } from './operation.ts';
import type { Operation } from './operation.ts';

export const iso = (at: number): string => new Date(at).toISOString();

export const BUCKET_OPERATIONS: readonly Operation[] = [
  {
    name: 'ListBuckets',
    method: 'GET',
    on: 'service',
    async run(call) {
      await readNothing(call);
      const buckets = call.store
        .list()
        .map(({ info }) =>
          element('Bucket', [element('Name', info.name), element('CreationDate', iso(info.createdAt))]),
        );
      const owner = element('Owner', [element('ID', 'parley')]);
      return xmlReply(xmlDocument('ListAllMyBucketsResult', [owner, element('Buckets', buckets)]));
    },
  },
  {
    name: 'CreateBucket',
    method: 'PUT',
    on: 'bucket',
    async run(call) {
      const document = await readDocument(call);
      const wanted = document === '' ? undefined : textOf(createConfiguration(document), 'LocationConstraint');
      if (wanted !== undefined && wanted !== call.region)
        throw new S3Error('IllegalLocationConstraintException', `This endpoint is the region ${call.region}`);
      const name = call.request.bucket ?? '';
      await call.store.create(name);
      return { status: 200, headers: { location: `/${name}` } };
    },
  },
  {
    name: 'HeadBucket',
    method: 'HEAD',
    on: 'bucket',
    async run(call) {
      await readNothing(call);
      call.bucket();
      return { status: 200, headers: { 'x-amz-bucket-region': call.region } };
    },
  },
  {
    name: 'DeleteBucket',
    method: 'DELETE',
    on: 'bucket',
    async run(call) {
      await readNothing(call);
      await call.store.delete(call.request.bucket ?? '');
      return { status: 204 };
    },
  },
  {
    name: 'PutBucketCors',
    method: 'PUT',
    on: 'bucket',
    selector: 'cors',
    async run(call) {
      const bucket = call.bucket();
      await bucket.setCors(parseCors(await readDocument(call)));
      return { status: 200 };
    },
  },
  {
    name: 'GetBucketCors',
    method: 'GET',
    on: 'bucket',
    selector: 'cors',
    async run(call) {
      await readNothing(call);
      const { cors } = call.bucket().info;
      if (cors.length === 0) throw new S3Error('NoSuchCORSConfiguration', 'The CORS configuration does not exist');
      return xmlReply(corsDocument(cors));
    },
  },
];

function createConfiguration(document: string) {
  const root = parseXml(document);
  if (root.name !== 'CreateBucketConfiguration') throw malformed();
  return root;
}
