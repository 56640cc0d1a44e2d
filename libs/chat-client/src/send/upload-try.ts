import type { Image, NewUploadAnswer, NewUploadBody } from '@parley/contracts';
import type { UploadId } from '@parley/domain';
import { ApiError, isTransient } from '../http/errors.ts';
import type { PutFile } from './put-file.ts';
import type { UploadOutcome, UploadStep } from './upload-steps.ts';

/** What an upload is made of. */
export type UploadCalls = {
  open(body: NewUploadBody): Promise<NewUploadAnswer>;
  putFile: PutFile;
  complete(uploadId: UploadId, signal: AbortSignal): Promise<Image>;
};

/** `detail` and `retryAfterMs`: the server's, where it refused. */
export type UploadTry = { outcome: UploadOutcome; detail?: string; retryAfterMs?: number };

/** Carries out one step. Rejects with nothing but what nobody expects. */
export async function tryUploadStep(
  calls: UploadCalls,
  step: Exclude<UploadStep, { kind: 'done' }>,
  o: { picture: NewUploadBody; file: Blob; now(): number; signal: AbortSignal; onProgress(sentBytes: number): void },
): Promise<UploadTry> {
  try {
    return { outcome: await carryOut(calls, step, o) };
  } catch (error) {
    if (!(error instanceof ApiError)) return { outcome: { kind: 'away' } };
    const { code, message, retryAfterMs } = error;
    return {
      outcome: { kind: 'refused', code, isTransient: isTransient(error) },
      detail: message,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
}

async function carryOut(
  calls: UploadCalls,
  step: Exclude<UploadStep, { kind: 'done' }>,
  { picture, file, now, signal, onProgress }: Parameters<typeof tryUploadStep>[2],
): Promise<UploadOutcome> {
  switch (step.kind) {
    case 'open':
      return { kind: 'opened', at: now(), answer: await calls.open(picture) };
    case 'put': {
      const { url, headers } = step.put;
      const status = await calls.putFile({ url, headers, file, signal, onProgress });
      return { kind: 'answered', uploadId: step.uploadId, status };
    }
    case 'complete':
      await calls.complete(step.uploadId, signal);
      return { kind: 'completed', uploadId: step.uploadId };
  }
}

/** Whether the bytes can still be had: a browser may have lost a file that its database names. */
export async function isReadable(file: Blob): Promise<boolean> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
