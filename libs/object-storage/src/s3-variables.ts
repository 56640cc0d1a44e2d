import { z, type RefinementCtx } from 'zod';
import { isCloudFrontKey } from './cloudfront-signer.ts';
import type { ObjectStorageOptions } from './create-object-storage.ts';

const CLOUDFRONT = ['CLOUDFRONT_DOMAIN', 'CLOUDFRONT_KEY_PAIR_ID', 'CLOUDFRONT_PRIVATE_KEY'] as const;

/** The environment's variables about the bucket, as part of a service's schema; `checkS3Variables` belongs to it. */
export const s3Variables = {
  S3_BUCKET_NAME: z.string().min(1),
  S3_REGION: z.string().min(1),
  /** Outside AWS. */
  S3_ENDPOINT: z.url().optional(),
  /** Where browsers reach it, when that is another address than ours. */
  S3_PUBLIC_ENDPOINT: z.url().optional(),
  /** Without these the SDK finds the role of the machine. */
  S3_ACCESS_KEY: z.string().min(1).optional(),
  S3_SECRET_KEY: z.string().min(1).optional(),
  /** CloudFront in front of the bucket, for what browsers read: all three or none. Without them they read from the bucket itself. */
  CLOUDFRONT_DOMAIN: z
    .string()
    .regex(/^[a-z0-9.-]+$/, 'must be a host name, without https://')
    .optional(),
  CLOUDFRONT_KEY_PAIR_ID: z.string().min(1).optional(),
  /** RSA of 2048 bits, PEM; \\n stands for the end of a line where a variable can't have one. */
  CLOUDFRONT_PRIVATE_KEY: z
    .string()
    .transform((pem) => pem.replaceAll('\\n', '\n'))
    .refine(isCloudFrontKey, 'must be the PEM of a private RSA key of 2048 bits')
    .optional(),
};

/** The embedded engine of a developer's machine. Known to everybody, as it stands here. */
export const S3_DEVELOPMENT_DEFAULTS = {
  S3_ENDPOINT: 'http://127.0.0.1:9200',
  S3_BUCKET_NAME: 'parley',
  S3_REGION: 'us-east-1',
  S3_ACCESS_KEY: 'parley',
  S3_SECRET_KEY: 'parley-development',
};

export type S3Variables = z.infer<z.ZodObject<typeof s3Variables>>;

/** What one variable alone doesn't tell: pairs that are half there, and keys that everybody knows in production. */
export function checkS3Variables(env: S3Variables & { NODE_ENV: string }, context: RefinementCtx): void {
  const refuse = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
  const missing = CLOUDFRONT.filter((name) => env[name] === undefined);
  if (missing.length < CLOUDFRONT.length)
    for (const name of missing) refuse(name, `is set together with ${CLOUDFRONT.join(', ')}, or none of them`);
  if (env.NODE_ENV !== 'production') return;
  if (env.S3_SECRET_KEY === S3_DEVELOPMENT_DEFAULTS.S3_SECRET_KEY) refuse('S3_SECRET_KEY', 'has the default value');
  if ((env.S3_ACCESS_KEY === undefined) !== (env.S3_SECRET_KEY === undefined))
    refuse('S3_ACCESS_KEY', 'is set together with S3_SECRET_KEY, or neither');
}

/** The bucket, as `createObjectStorage` takes it. */
export function s3Options(
  env: S3Variables,
): Pick<
  ObjectStorageOptions,
  'bucket' | 'region' | 'endpoint' | 'publicEndpoint' | 'accessKey' | 'secretKey' | 'cloudFront'
> {
  return {
    bucket: env.S3_BUCKET_NAME,
    region: env.S3_REGION,
    ...(env.S3_ENDPOINT === undefined ? {} : { endpoint: env.S3_ENDPOINT }),
    ...(env.S3_PUBLIC_ENDPOINT === undefined ? {} : { publicEndpoint: env.S3_PUBLIC_ENDPOINT }),
    ...(env.S3_ACCESS_KEY === undefined ? {} : { accessKey: env.S3_ACCESS_KEY }),
    ...(env.S3_SECRET_KEY === undefined ? {} : { secretKey: env.S3_SECRET_KEY }),
    ...cloudFront(env),
  };
}

/** All three are there or none: `checkS3Variables` sees to it. */
function cloudFront(env: S3Variables): Pick<ObjectStorageOptions, 'cloudFront'> {
  const { CLOUDFRONT_DOMAIN: domain, CLOUDFRONT_KEY_PAIR_ID: keyPairId, CLOUDFRONT_PRIVATE_KEY: privateKey } = env;
  if (domain === undefined || keyPairId === undefined || privateKey === undefined) return {};
  return { cloudFront: { domain, keyPairId, privateKey } };
}
