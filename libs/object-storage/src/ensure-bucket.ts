import { CreateBucketCommand, HeadBucketCommand, PutBucketCorsCommand, type S3Client } from '@aws-sdk/client-s3';

/** Makes the bucket where it is missing, and lets pages of these origins upload to it and read what came of it. */
export async function ensureBucket(o: {
  client: S3Client;
  bucket: string;
  region: string;
  corsOrigins: readonly string[];
  signal: AbortSignal;
}): Promise<void> {
  const { client, bucket: Bucket } = o;
  const options = { abortSignal: o.signal };
  const isMissing = await client.send(new HeadBucketCommand({ Bucket }), options).then(
    () => false,
    (error: unknown) => {
      if (error instanceof Error && error.name === 'NotFound') return true;
      throw error;
    },
  );
  if (isMissing) {
    await client.send(new CreateBucketCommand({ Bucket, ...location(o.region) }), options).catch((error: unknown) => {
      // Another instance that started with us was quicker.
      if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
    });
  }
  if (o.corsOrigins.length === 0) return;
  const rule = {
    AllowedOrigins: [...o.corsOrigins],
    AllowedMethods: ['GET', 'HEAD', 'PUT'],
    AllowedHeaders: ['content-type', 'if-none-match'],
    ExposeHeaders: ['ETag'],
    MaxAgeSeconds: 3600,
  };
  await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [rule] } }), options);
}

/** S3's first region is the only one that may not be named. */
function location(region: string) {
  if (region === 'us-east-1') return {};
  return { CreateBucketConfiguration: { LocationConstraint: region } as never };
}
