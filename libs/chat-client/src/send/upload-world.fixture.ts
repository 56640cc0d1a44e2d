import type { Message, SendMessageBody } from '@parley/contracts';
import type { ClientMessageId, UploadId } from '@parley/domain';
import { createClientStore, type ClientStore } from '../chat/client-state.ts';
import { CHAT, ME, messageOf, uuid } from '../chat/fixtures.fixture.ts';
import { ApiError, ConnectionError } from '../http/errors.ts';
import type { Runtime } from '../ports.ts';
import { createMemoryOutbox, type Outbox, type Outgoing } from './outbox.ts';
import { createSending, type Sending } from './sending.ts';
import type { UploadCalls } from './upload-try.ts';

/** What becomes of a call, or of a write to the outbox. `crash`: the client ends there, before or after it took effect, and another one starts. */
export type Fault = 'none' | 'lost' | 'answer lost' | 'unavailable' | 'crash before' | 'crash after' | 'forgotten';

type Stored = { clientMessageId: ClientMessageId; uploadId: UploadId | undefined };

const never = () => new Promise<never>(() => undefined);

/** A message with a picture where `n` is even, with a text where it is odd. */
export const entryOf = (n: number): Outgoing => ({
  clientMessageId: uuid(n) as ClientMessageId,
  chatId: CHAT,
  text: `text ${n}`,
  createdAt: n,
  status: 'pending',
  ...(n % 2 === 0 ? { picture: { contentType: 'image/png', bytes: 3, width: 4, height: 5 } } : {}),
});

/** One client after the other on one outbox, before a server that behaves as chat-api and the object storage do, and a network that keeps no promise. */
export class UploadWorld {
  readonly outbox: Outbox = createMemoryOutbox();
  readonly stored: Stored[] = [];
  /** What must never be and was. */
  readonly wrongs: string[] = [];
  readonly files = new Map<Blob, ClientMessageId>();
  store: ClientStore = createClientStore(ME);
  sending: Sending;
  crashes = 0;
  /** Uploads that the storage took at the same time, at most. */
  most = 0;
  #uploads = new Map<UploadId, 'pending' | 'put' | 'ready' | ClientMessageId>();
  #opened = 0;
  #putting = new Set<Blob>();
  #faults: Fault[];

  constructor(entries: readonly Outgoing[], faults: readonly Fault[]) {
    this.#faults = [...faults];
    for (const entry of entries) {
      const file = new Blob(['abc']);
      this.files.set(file, entry.clientMessageId);
      void this.outbox.put(entry, entry.picture === undefined ? undefined : file);
    }
    this.sending = this.#start();
  }

  /** Until nothing is left to send, for some thousand turns of the event loop at most. */
  async run(): Promise<void> {
    for (let turn = 0; turn < 5_000; turn += 1) {
      if ((await this.outbox.all()).every(({ status }) => status === 'failed')) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.wrongs.push('it does not end');
  }

  #start(): Sending {
    const life = this.crashes;
    const isAlive = () => life === this.crashes;
    this.store = createClientStore(ME);
    this.#putting.clear();
    const faulty = <A extends unknown[], T>(effect: (...args: A) => T | Promise<T>) => this.#faulty(isAlive, effect);
    const { update, remove } = this.outbox;
    const calls: UploadCalls = {
      open: faulty(() => this.#open()),
      putFile: faulty((o) => this.#put(o.url, o.file)),
      complete: faulty((id) => this.#complete(id)),
    };
    const runtime: Runtime = {
      clock: { now: () => this.#opened, schedule: (run) => clearerOf(setImmediate(() => isAlive() && run())) },
      random: () => 0.5,
      log: { info: () => undefined, error: (text, error) => this.wrongs.push(`${text}: ${String(error)}`) },
    };
    return createSending({
      outbox: {
        ...this.outbox,
        update: this.#crashing(isAlive, (id: ClientMessageId, change) => update(id, change)),
        remove: this.#crashing(isAlive, (id: ClientMessageId) => remove(id)),
      } as Outbox,
      store: this.store,
      runtime,
      emit: () => undefined,
      send: faulty((entry: Outgoing) => this.#send(bodyOf(entry))),
      uploads: calls,
      onStored: () => undefined,
    });
  }

  /** The call with the next fault of the list. */
  #faulty<A extends unknown[], T>(isAlive: () => boolean, effect: (...args: A) => T | Promise<T>) {
    return async (...args: A): Promise<T> => {
      if (!isAlive()) return never();
      const fault = this.#faults.shift() ?? 'none';
      if (fault === 'forgotten') this.#forget();
      if (fault === 'lost') throw new ConnectionError('lost');
      if (fault === 'unavailable') throw new ApiError('unavailable', '');
      if (fault === 'crash before') return this.#crash();
      const result = await effect(...args);
      await new Promise((resolve) => setImmediate(resolve));
      if (!isAlive()) return never();
      if (fault === 'crash after') return this.#crash();
      if (fault === 'answer lost') throw new ConnectionError('lost');
      return result;
    };
  }

  /** A disk loses nothing, but the client may end between two writes. */
  #crashing<A extends unknown[], T>(isAlive: () => boolean, write: (...args: A) => Promise<T>) {
    return async (...args: A): Promise<T> => {
      if (!isAlive()) return never();
      const fault = this.#faults[0];
      if (fault !== 'crash before' && fault !== 'crash after') return write(...args);
      this.#faults.shift();
      if (fault === 'crash after') await write(...args);
      return this.#crash();
    };
  }

  #crash(): Promise<never> {
    this.crashes += 1;
    this.sending.stop();
    this.sending = this.#start();
    return never();
  }

  /** The sweeper takes what was not sent. */
  #forget(): void {
    for (const [id, state] of this.#uploads) if (['pending', 'put', 'ready'].includes(state)) this.#uploads.delete(id);
  }

  #open() {
    this.#opened += 1;
    const uploadId = uuid(800_000 + this.#opened) as UploadId;
    this.#uploads.set(uploadId, 'pending');
    return { uploadId, url: uploadId, method: 'PUT' as const, headers: {}, expiresAt: '' };
  }

  async #put(url: string, file: Blob): Promise<number> {
    const id = this.files.get(file);
    if (this.stored.some(({ clientMessageId }) => clientMessageId === id)) this.wrongs.push('uploaded what is stored');
    if (this.#putting.has(file)) this.wrongs.push('uploaded twice at once');
    this.#putting.add(file);
    this.most = Math.max(this.most, this.#putting.size);
    await new Promise((resolve) => setImmediate(resolve));
    this.#putting.delete(file);
    const state = this.#uploads.get(url as UploadId);
    if (state === undefined) return 403;
    if (state !== 'pending') return 412;
    this.#uploads.set(url as UploadId, 'put');
    return 200;
  }

  #complete(id: UploadId) {
    const state = this.#uploads.get(id);
    if (state === undefined) throw new ApiError('upload_not_found', '');
    if (state === 'pending') throw new ApiError('upload_incomplete', '');
    if (state === 'put') this.#uploads.set(id, 'ready');
    return { uploadId: id, width: 4, height: 5, bytes: 3, contentType: 'image/png' as const, blurhash: '' };
  }

  #send({ clientMessageId, uploadId }: SendMessageBody): Message {
    const known = this.stored.find((one) => one.clientMessageId === clientMessageId);
    if (known !== undefined && known.uploadId !== uploadId) throw new ApiError('idempotency_conflict', '');
    if (known !== undefined) return messageOf(1);
    if (uploadId !== undefined) {
      const state = this.#uploads.get(uploadId);
      if (state === undefined) throw new ApiError('upload_not_found', '');
      if (state === 'pending' || state === 'put') throw new ApiError('upload_incomplete', '');
      if (state !== 'ready' && state !== clientMessageId) throw new ApiError('upload_used', '');
      this.#uploads.set(uploadId, clientMessageId);
    }
    this.stored.push({ clientMessageId, uploadId });
    return messageOf(this.stored.length);
  }
}

const bodyOf = ({ chatId, clientMessageId, text, picture }: Outgoing): SendMessageBody => ({
  chatId,
  clientMessageId,
  text,
  ...(picture?.upload === undefined ? {} : { uploadId: picture.upload.uploadId }),
});

const clearerOf = (handle: NodeJS.Immediate) => () => clearImmediate(handle);
