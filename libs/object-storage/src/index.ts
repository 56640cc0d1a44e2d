export type { CloudFront } from './cloudfront-signer.ts';
export type { Disposition } from './content-disposition.ts';
export {
  createObjectStorage,
  type ObjectInfo,
  type ObjectStorage,
  type ObjectStorageOptions,
  type PutObject,
  type StoredObject,
} from './create-object-storage.ts';
export type { PresignedGet, PresignedPut, PresignGet, PresignPut } from './presigner.ts';
export { checkS3Variables, S3_DEVELOPMENT_DEFAULTS, s3Options, s3Variables, type S3Variables } from './s3-variables.ts';
export { isStorageError, StorageError, type StorageErrorCode } from './storage-error.ts';
