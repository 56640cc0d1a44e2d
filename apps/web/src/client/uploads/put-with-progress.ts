import { ConnectionError, type PutFile } from '@parley/chat-client';

/** Milliseconds without a byte that goes or an answer that comes, after which nothing will. */
const STALL_MS = 30_000;

/** Uploads with XMLHttpRequest: `fetch` tells nothing of how far a request body has gone. */
export const putWithProgress: PutFile = ({ url, headers, file, signal, onProgress }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const abort = () => request.abort();
    const expectMore = () => {
      clearTimeout(timer);
      timer = setTimeout(abort, STALL_MS);
    };
    request.upload.onprogress = ({ loaded }) => {
      expectMore();
      onProgress(loaded);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      // Without an answer the status is 0, whatever the reason.
      if (request.status === 0) reject(new ConnectionError('no answer to the upload'));
      else resolve(request.status);
    };
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    signal.addEventListener('abort', abort);
    expectMore();
    request.send(file);
    if (signal.aborted) abort();
  });
