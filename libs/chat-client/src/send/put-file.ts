import { ConnectionError } from '../http/errors.ts';

/**
 * Uploads a file with one PUT straight to the object storage. Resolves with the HTTP status, whatever it is; rejects where there is no answer, or with `signal`.
 * `onProgress` is told how many bytes have gone, now and then.
 */
export type PutFile = (o: {
  url: string;
  headers: Readonly<Record<string, string>>;
  file: Blob;
  signal: AbortSignal;
  onProgress(sentBytes: number): void;
}) => Promise<number>;

const TIMEOUT_MS = 5 * 60_000;

/** With `fetch`, which tells nothing until the end: for where there is nothing better. */
export const putWithFetch: PutFile = async ({ url, headers, file, signal, onProgress }) => {
  try {
    const response = await fetch(url, {
      method: 'PUT',
      headers,
      body: file,
      credentials: 'omit',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    onProgress(file.size);
    return response.status;
  } catch (error) {
    throw new ConnectionError('no answer to the upload', error);
  }
};
