import { expect, it } from 'vitest';
import { isStorageError, StorageError, toStorageError } from './storage-error.ts';

const answered = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('told'), { name, $metadata: { httpStatusCode } });

it.each([
  [answered('NoSuchKey', 404), 'not_found'],
  [answered('NotFound', 404), 'not_found'],
  [answered('NoSuchBucket', 404), 'refused'],
  [answered('PreconditionFailed', 412), 'exists'],
  [answered('AccessDenied', 403), 'refused'],
  [answered('SignatureDoesNotMatch', 403), 'refused'],
  [answered('SlowDown', 503), 'unavailable'],
  [answered('InternalError', 500), 'unavailable'],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', $metadata: {} }), 'unavailable'],
  [new DOMException('Request aborted', 'AbortError'), 'unavailable'],
  [undefined, 'unavailable'],
] as const)('%s is told as %s', (error, code) => {
  const told = toStorageError('head', error);
  expect([told.code, told.cause, isStorageError(told, code)]).toEqual([code, error, true]);
  expect(toStorageError('again', told)).toBe(told);
  expect(isStorageError(new Error('x'))).toBe(false);
  expect(isStorageError(new StorageError('exists', 'x'), 'refused')).toBe(false);
});
