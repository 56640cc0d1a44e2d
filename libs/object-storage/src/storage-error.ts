/**
 * - `unavailable`: the store is away, slow or overloaded; the same may succeed later
 * - `not_found`: there is no such object
 * - `exists`: an object that had to be new is there already
 * - `too_large`: an object has more bytes than the caller takes
 * - `refused`: the store does not do it for us: wrong keys, no such bucket, no permission; waiting changes nothing
 */
export type StorageErrorCode = 'unavailable' | 'not_found' | 'exists' | 'too_large' | 'refused';

/** The one kind of error that this library throws; `cause` is the SDK's. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether an error is one of this library's, with this code where one is given. */
export function isStorageError(error: unknown, code?: StorageErrorCode): error is StorageError {
  return error instanceof StorageError && (code === undefined || error.code === code);
}

const CODES: Record<string, StorageErrorCode> = {
  NoSuchKey: 'not_found',
  NotFound: 'not_found',
  PreconditionFailed: 'exists',
  ConditionalRequestConflict: 'exists',
  RequestTimeout: 'unavailable',
  SlowDown: 'unavailable',
};

type SdkError = { name?: unknown; $metadata?: { httpStatusCode?: number } };

/** What the SDK threw, as one of ours. An error without an HTTP answer is one of the network, or of its time being up. */
export function toStorageError(operation: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { name, $metadata }: SdkError = typeof error === 'object' && error !== null ? error : {};
  const status = $metadata?.httpStatusCode;
  const isAway = status === undefined || status >= 500 || status === 429;
  const code = CODES[String(name)] ?? (isAway ? 'unavailable' : 'refused');
  const told = error instanceof Error && error.message !== '' ? error.message : String(name);
  return new StorageError(code, `${operation}: ${told}`, { cause: error });
}
