import type { ClientMessageId } from '@parley/domain';
import type { Runtime } from '../ports.ts';
import { createWaiter, fullJitter } from './backoff.ts';
import { inOrderWritten, type Outbox, type Outgoing, type OutgoingFault } from './outbox.ts';
import { afterUploadStep, isUploading, nextUploadStep, type Upload } from './upload-steps.ts';
import { isReadable, tryUploadStep, type UploadCalls, type UploadTry } from './upload-try.ts';
import type { UploadTrouble, UploadView } from './upload-view.ts';

export type UploaderPorts = {
  outbox: Outbox;
  runtime: Runtime;
  calls: UploadCalls;
  /** How it goes; undefined: there is nothing to upload any more. */
  onView(id: ClientMessageId, view: UploadView | undefined): void;
  /** The entry has come a step further: to being sent, or refused. */
  onChanged(entry: Outgoing): void;
};

/**
 * Uploads the pictures that wait in the outbox, the oldest first and a few at once, so that the next ones are there when their turn comes to be sent. Of the
 * clients that share an outbox one uploads a picture, and when that one goes away, another goes on where it stopped.
 */
export type Uploader = {
  /** Takes up those that have something to upload; the others, and those that are taken up already, are let be. */
  start(entries: readonly Outgoing[]): void;
  /** As `start`, after a wait: what was uploaded is gone. */
  startAnew(entry: Outgoing): void;
  /** Ends every upload but these at once: the others are not in the outbox any more. */
  keep(ids: ReadonlySet<ClientMessageId>): void;
  cancel(id: ClientMessageId): void;
  wake(): void;
  stop(): void;
};

const AT_ONCE = 2;
const BACKOFF = { baseMs: 500, maxMs: 15_000 };

export function createUploader(o: UploaderPorts): Uploader {
  const { outbox, runtime, onView } = o;
  const waiter = createWaiter(runtime.clock);
  const waiting = new Map<ClientMessageId, Outgoing>();
  const running = new Map<ClientMessageId, AbortController>();
  /** To be taken up once more when they end. */
  const again = new Map<ClientMessageId, Outgoing>();
  /** Tries that failed. They count as long as the entry is there: one that is thrown back again and again must not go round quickly. */
  const failures = new Map<ClientMessageId, number>();
  let stopped = false;

  const fill = () => {
    for (const [id] of [...waiting].sort(([, a], [, b]) => inOrderWritten(a, b))) {
      if (running.size >= AT_ONCE) return;
      waiting.delete(id);
      const controller = new AbortController();
      running.set(id, controller);
      upload(id, controller.signal)
        .catch((error: unknown) => runtime.log.error('an upload stopped', error))
        .finally(() => {
          running.delete(id);
          onView(id, undefined);
          const entry = again.get(id);
          again.delete(id);
          start(entry === undefined ? [] : [entry]);
        });
    }
  };

  /** Until it is ready, refused, or not here any more. */
  async function upload(id: ClientMessageId, signal: AbortSignal): Promise<void> {
    let tried: UploadTry | undefined;
    do {
      await pause(id, tried);
      // The lock is let go between tries: a tab without a network must not hold up one that has it.
      tried = await outbox.exclusive(id, () => goOn(id, { signal, isRetry: failures.has(id) }));
      if (tried !== undefined) failures.set(id, (failures.get(id) ?? 0) + 1);
    } while (tried !== undefined && !signal.aborted);
  }

  async function pause(id: ClientMessageId, tried: UploadTry | undefined): Promise<void> {
    const attempt = failures.get(id);
    if (attempt === undefined) return;
    if (tried !== undefined) onView(id, { phase: 'waiting', trouble: troubleOf(tried) });
    const jitter = fullJitter(attempt, { ...BACKOFF, random: runtime.random });
    await waiter.wait((tried?.retryAfterMs ?? 0) + jitter);
  }

  /** Step after step. The result is the one that has to be tried again later, if there is one. */
  async function goOn(
    id: ClientMessageId,
    { signal, isRetry }: { signal: AbortSignal; isRetry: boolean },
  ): Promise<UploadTry | undefined> {
    while (!signal.aborted) {
      // Read anew each time: another tab may have uploaded, edited or discarded it.
      const entry = await outbox.get(id);
      if (entry?.picture === undefined || entry.status !== 'pending') return undefined;
      const step = nextUploadStep(entry.picture, runtime.clock.now());
      if (step.kind === 'done') return void o.onChanged(entry);
      const file = await outbox.file(id);
      if (file === undefined || !(await isReadable(file))) return await fail(id, 'picture_lost');
      // What the last try met stands there until this one gets further.
      if (!isRetry) onView(id, step.kind === 'complete' ? { phase: 'checking' } : { phase: 'uploading', sentBytes: 0 });
      const { contentType, bytes } = entry.picture;
      const tried = await tryUploadStep(o.calls, step, {
        picture: { contentType, bytes },
        file,
        now: () => runtime.clock.now(),
        signal,
        onProgress: (sentBytes) => onView(id, { phase: 'uploading', sentBytes }),
      });
      if (signal.aborted) return undefined;
      const move = afterUploadStep(entry.picture, tried.outcome);
      if (move.kind === 'failed') return await fail(id, move.code, tried.detail);
      await keepUpload(id, move.upload);
      if (move.kind === 'again') return tried;
    }
    return undefined;
  }

  const keepUpload = (id: ClientMessageId, upload: Upload | undefined) =>
    outbox.update(id, (entry) => {
      if (entry.picture === undefined) return entry;
      const { upload: _before, ...picture } = entry.picture;
      return { ...entry, picture: upload === undefined ? picture : { ...picture, upload } };
    });

  async function fail(id: ClientMessageId, code: OutgoingFault, detail?: string): Promise<undefined> {
    const failed = await outbox.update(id, (entry) => ({
      ...entry,
      status: 'failed',
      code,
      ...(detail === undefined ? {} : { detail }),
    }));
    if (failed !== undefined) o.onChanged(failed);
    return undefined;
  }

  const cancel = (id: ClientMessageId) => {
    waiting.delete(id);
    again.delete(id);
    failures.delete(id);
    running.get(id)?.abort();
    onView(id, undefined);
    // What waits for its next try has to see that it was cancelled.
    waiter.wake();
  };
  function start(entries: readonly Outgoing[]): void {
    if (stopped) return;
    for (const entry of entries) {
      const { clientMessageId: id } = entry;
      if (entry.status !== 'pending' || !isUploading(entry) || waiting.has(id) || running.has(id)) continue;
      waiting.set(id, entry);
      onView(id, { phase: 'waiting' });
    }
    fill();
  }

  return {
    start,
    startAnew: (entry) => {
      const { clientMessageId: id } = entry;
      failures.set(id, (failures.get(id) ?? 0) + 1);
      if (running.has(id)) again.set(id, entry);
      else start([entry]);
    },
    keep: (ids) => {
      for (const id of [...waiting.keys(), ...running.keys()]) if (!ids.has(id)) cancel(id);
    },
    cancel,
    wake: waiter.wake,
    stop: () => {
      stopped = true;
      for (const id of [...waiting.keys(), ...running.keys()]) cancel(id);
    },
  };
}

function troubleOf({ outcome }: UploadTry): UploadTrouble {
  if (outcome.kind === 'refused') return outcome.code;
  if (outcome.kind !== 'answered') return 'away';
  return outcome.status >= 500 ? 'unavailable' : 'not_taken';
}
