import type { Message } from '@parley/contracts';
import type { ChatId, MessageId } from '@parley/domain';
import { v7 as uuidv7 } from 'uuid';
import type { ClientStore } from '../chat/client-state.ts';
import { ApiError, isTransient } from '../http/errors.ts';
import type { Runtime } from '../ports.ts';
import { inOrderMade, type MessageChange, type Wish } from './change.ts';
import { createDrain, type Outcome } from './drain.ts';
import type { Outbox } from './outbox.ts';

/**
 * Changes of stored messages: shown at once, done in the order they were made, and kept over a lost network, a reload and a crash until the
 * server has answered. Each says what is to be, not what is to be added, so that one that is done twice does nothing.
 */
export type ChangeQueue = {
  /**
   * Resolves once it is done, or kept for later because nobody answers.
   * @throws ApiError where the first try is refused; nothing of it is kept then
   */
  submit(message: Pick<Message, 'id' | 'chatId'>, wish: Wish): Promise<void>;
  /** Tries an edit again that was refused; its author has seen why, so it replaces whatever text there is. */
  retry(change: MessageChange): void;
  discard(change: MessageChange): void;
  wake(): void;
  stop(): void;
};

/** A first try that takes longer is waited for no more: the change is kept, and shown as not done yet. */
const FIRST_TRY_MS = 2_000;

type Asker = { chatId: ChatId; resolve(): void; reject(error: unknown): void };

export function createChangeQueue(o: {
  outbox: Outbox;
  store: ClientStore;
  runtime: Runtime;
  /** One try. */
  request(change: MessageChange): Promise<Message>;
  onStored(message: Message): void;
  /** It was refused after it had been kept; an edit stays, as failed. */
  onRefused(change: MessageChange): void;
}): ChangeQueue {
  const { outbox, store, runtime } = o;
  const box = outbox.changes;
  const failed = (error: unknown) => runtime.log.error('a change could not be kept', error);
  /** Who waits for the first try of a change made here. */
  const askers = new Map<string, Asker>();
  const unsaved = new Map<string, MessageChange>();
  /** Chats of which the last try failed on its way: what is asked for now stands behind it. */
  const heldUp = new Set<ChatId>();
  /** Done or discarded here, though the box may still hold it. */
  const gone = new Set<string>();
  /** Counts changes of what is shown: a list that was read meanwhile may be older than they are. */
  let edits = 0;

  const show = (shown: readonly MessageChange[]) => {
    edits += 1;
    const changes: Record<MessageId, MessageChange[]> = {};
    for (const change of [...shown].sort(inOrderMade)) (changes[change.messageId] ??= []).push(change);
    store.setState({ changes });
  };
  const shown = () => Object.values(store.getState().changes).flat();
  const showOne = (change: MessageChange) => show([...shown().filter(({ id }) => id !== change.id), change]);
  const hide = ({ id }: MessageChange) => {
    gone.add(id);
    show(shown().filter((one) => one.id !== id));
  };
  /** They need not wait any longer: what they asked for is kept. */
  const answerAll = (chatId: ChatId) => {
    for (const [id, asker] of askers) if (asker.chatId === chatId && !unsaved.has(id)) takeAsker(id)?.resolve();
  };
  const takeAsker = (id: string): Asker | undefined => {
    const asker = askers.get(id);
    askers.delete(id);
    return asker;
  };

  async function save(change: MessageChange): Promise<void> {
    unsaved.set(change.id, change);
    showOne(change);
    await box.put(change).finally(() => unsaved.delete(change.id));
    if (gone.has(change.id)) return box.remove(change.id);
    if (heldUp.has(change.chatId)) takeAsker(change.id)?.resolve();
    drain.start(change.chatId);
  }

  async function tryNext(chatId: ChatId): Promise<Outcome> {
    const change = await box.next(chatId);
    if (change === undefined) {
      // Another tab has done it.
      heldUp.delete(chatId);
      answerAll(chatId);
      return { kind: 'empty' };
    }
    try {
      o.onStored(await o.request(change));
      heldUp.delete(chatId);
      hide(change);
      await box.remove(change.id);
      takeAsker(change.id)?.resolve();
      return { kind: 'done' };
    } catch (error) {
      if (error instanceof ApiError && !isTransient(error)) {
        heldUp.delete(chatId);
        await refused(change, error);
        return { kind: 'done' };
      }
      heldUp.add(chatId);
      answerAll(chatId);
      return { kind: 'failed', error };
    }
  }

  async function refused(change: MessageChange, error: ApiError): Promise<void> {
    const asker = takeAsker(change.id);
    const kept: MessageChange = { ...change, status: 'failed', code: error.code };
    if (asker === undefined && change.wish.kind === 'edit') {
      await box.put(kept);
      showOne(kept);
    } else {
      hide(change);
      await box.remove(change.id);
    }
    if (asker === undefined) o.onRefused(kept);
    else asker.reject(error);
  }

  /** Shows the box as it is: after a start, and when another tab has changed it. */
  async function refresh(): Promise<void> {
    let read: MessageChange[];
    let before: number;
    do {
      before = edits;
      read = await box.all();
    } while (before !== edits);
    const known = new Map([...read, ...unsaved.values()].map((change) => [change.id, change]));
    const left = [...known.values()].filter(({ id }) => !gone.has(id));
    if (left.length > 0 || shown().length > 0) show(left);
    for (const { chatId, status } of left) if (status === 'pending') drain.start(chatId);
  }

  const drain = createDrain({
    runtime,
    tryNext,
    exclusive: (chatId, run) => outbox.exclusive(`${chatId}:changes`, run),
  });
  const stopListening = outbox.onChange(() => void refresh().catch(failed));
  refresh().catch(failed);

  return {
    submit: ({ id: messageId, chatId }, wish) =>
      new Promise((resolve, reject) => {
        const change: MessageChange = { id: uuidv7(), chatId, messageId, wish, status: 'pending' };
        askers.set(change.id, { chatId, resolve, reject });
        runtime.clock.schedule(() => takeAsker(change.id)?.resolve(), FIRST_TRY_MS);
        save(change).catch((error: unknown) => {
          takeAsker(change.id);
          reject(error);
        });
      }),
    retry: ({ code: _code, wish, ...change }) => {
      const again: Wish = wish.kind === 'edit' ? { kind: 'edit', text: wish.text } : wish;
      void save({ ...change, wish: again, status: 'pending' }).catch(failed);
    },
    discard: (change) => {
      hide(change);
      box.remove(change.id).catch(failed);
    },
    wake: drain.wake,
    stop: () => {
      stopListening();
      drain.stop();
    },
  };
}
