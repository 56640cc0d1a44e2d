import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Clock } from '@parley/service-kit';
import type { CloudFrontSigner } from './cloudfront-signer.ts';
import { contentDisposition, type Disposition } from './content-disposition.ts';
import { signingWindow } from './signing-window.ts';

export type PresignPut = {
  key: string;
  contentType: string;
  /** Exactly as many will be taken. */
  bytes: number;
  expiresInSeconds: number;
};

export type PresignedPut = {
  url: string;
  method: 'PUT';
  /** What the client has to send; the length it sends by itself. */
  headers: { 'content-type': string; 'if-none-match': '*' };
  expiresAt: Date;
};

export type PresignGet = {
  key: string;
  /** In place of the type that it was stored with. */
  contentType?: string;
  disposition?: Disposition;
  /** For how long the URL stays the same (default 3,600 s). */
  stableSeconds?: number;
  /** For how long it works from now on at least (default 900 s). */
  atLeastSeconds?: number;
};

export type PresignedGet = { url: string; expiresAt: Date };

export type Presigner = {
  /** A URL for one upload: this type, this length, a key that is free, until it expires. Works while the store is away. */
  presignPut(o: PresignPut): Promise<PresignedPut>;
  /** A URL that `<img>` loads and a browser may cache, since it stays the same. Works while the store is away. */
  presignGet(o: PresignGet): Promise<PresignedGet>;
};

/** Content-Length and If-None-Match are signed by themselves, these only when named. */
const SIGNED_TOO = new Set(['content-type', 'cache-control']);

/**
 * @param o.client one that adds no checksums: that of an upload that isn't there yet would be signed in
 * @param o.cloudFront signs what is read, where the bucket is read through CloudFront
 */
export function createPresigner(o: {
  client: S3Client;
  bucket: string;
  cloudFront?: CloudFrontSigner | undefined;
  clock: Clock;
}): Presigner {
  const sign = (command: PutObjectCommand | GetObjectCommand, signedAt: Date, expiresIn: number) =>
    // One call for both: the SDK's types know commands one by one.
    getSignedUrl(o.client, command as GetObjectCommand, {
      expiresIn,
      signingDate: signedAt,
      signableHeaders: SIGNED_TOO,
    });
  const after = (begin: Date, seconds: number): Date => new Date(begin.getTime() + seconds * 1000);

  return {
    presignPut: async ({ key, contentType, bytes, expiresInSeconds }) => {
      const signedAt = o.clock();
      const url = await sign(
        new PutObjectCommand({
          Bucket: o.bucket,
          Key: key,
          ContentType: contentType,
          ContentLength: bytes,
          IfNoneMatch: '*',
        }),
        signedAt,
        expiresInSeconds,
      );
      return {
        url,
        method: 'PUT',
        headers: { 'content-type': contentType, 'if-none-match': '*' },
        expiresAt: after(signedAt, expiresInSeconds),
      };
    },
    presignGet: async ({ key, contentType, disposition, stableSeconds = 3600, atLeastSeconds = 900 }) => {
      const { signedAt, expiresInSeconds } = signingWindow({ key, now: o.clock(), stableSeconds, atLeastSeconds });
      const expiresAt = after(signedAt, expiresInSeconds);
      if (o.cloudFront) {
        // CloudFront hands these on to the bucket.
        const query = {
          ...(contentType === undefined ? {} : { 'response-content-type': contentType }),
          ...(disposition === undefined ? {} : { 'response-content-disposition': contentDisposition(disposition) }),
        };
        return { url: await o.cloudFront({ key, query, expiresAt }), expiresAt };
      }
      const url = await sign(
        new GetObjectCommand({
          Bucket: o.bucket,
          Key: key,
          ...(contentType === undefined ? {} : { ResponseContentType: contentType }),
          ...(disposition === undefined ? {} : { ResponseContentDisposition: contentDisposition(disposition) }),
        }),
        signedAt,
        expiresInSeconds,
      );
      return { url, expiresAt };
    },
  };
}
