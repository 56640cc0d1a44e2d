import type { ChatId, ClientMessageId } from '@parley/domain';
import { v7 as uuidv7 } from 'uuid';
import { withOutgoing, type ClientStore } from '../chat/client-state.ts';
import type { Log } from '../ports.ts';
import { inOrderWritten, type Outbox, type Outgoing } from './outbox.ts';
import type { Sender } from './sender.ts';
import { restarted } from './upload-steps.ts';
import type { Uploader } from './uploader.ts';

/** What is shown of the outbox, and what its author does with it. */
export type OutgoingMessages = {
  /** Keeps it, shows it, and has it sent. */
  queue(entry: Outgoing, file?: Blob): void;
  /** Sends one that was refused again. */
  retry(entry: Outgoing): void;
  /** Takes it out, also while its picture is being uploaded. */
  discard(entry: Outgoing): void;
  /** The picture of a message on its way, also before it is saved. */
  fileOf(id: ClientMessageId): Promise<Blob | undefined>;
  show(entry: Outgoing): void;
  /** It is a message now. */
  stored(entry: Outgoing): void;
  stop(): void;
};

export function createOutgoing(o: {
  outbox: Outbox;
  store: ClientStore;
  sender: Sender;
  uploader: Uploader;
  log: Log;
}): OutgoingMessages {
  const { outbox, store, sender, uploader, log } = o;
  const failed = (error: unknown) => log.error('the outbox did not answer', error);
  /** Counts changes made here: a list that was read meanwhile may be older than they are. */
  let changes = 0;
  const saving = new Map<ClientMessageId, Blob | undefined>();
  /** Stored or discarded here, though the outbox may still hold it. */
  const gone = new Set<ClientMessageId>();
  const change = (chatId: ChatId, edit: (entries: readonly Outgoing[]) => readonly Outgoing[]) => {
    changes += 1;
    store.setState(withOutgoing(chatId, edit));
  };

  const hide = (entry: Outgoing) => {
    gone.add(entry.clientMessageId);
    change(entry.chatId, (entries) => entries.filter((held) => held.clientMessageId !== entry.clientMessageId));
  };
  const show = (entry: Outgoing) => {
    if (gone.has(entry.clientMessageId)) return;
    change(entry.chatId, (entries) =>
      [...entries.filter((held) => held.clientMessageId !== entry.clientMessageId), entry].sort(inOrderWritten),
    );
  };
  async function save(entry: Outgoing, file: Blob | undefined): Promise<void> {
    saving.set(entry.clientMessageId, file);
    await outbox.put(entry, file).finally(() => saving.delete(entry.clientMessageId));
    changes += 1;
    if (gone.has(entry.clientMessageId)) return outbox.remove(entry.clientMessageId);
    uploader.start([entry]);
    sender.send(entry.chatId);
  }
  const queue = (entry: Outgoing, file?: Blob) => {
    show(entry);
    save(entry, file).catch(failed);
  };

  /** Shows the outbox as it is: after a start, and when another tab has changed it. */
  async function refresh(): Promise<void> {
    let read: Outgoing[];
    let before: number;
    do {
      before = changes;
      read = await outbox.all();
    } while (before !== changes);
    const unsaved = Object.values(store.getState().outgoing)
      .flat()
      .filter((entry) => saving.has(entry.clientMessageId));
    const known = new Map([...read, ...unsaved].map((entry) => [entry.clientMessageId, entry]));
    const entries = [...known.values()]
      .filter(({ clientMessageId }) => !gone.has(clientMessageId))
      .sort(inOrderWritten);
    const outgoing: Record<string, Outgoing[]> = {};
    for (const entry of entries) (outgoing[entry.chatId] ??= []).push(entry);
    store.setState({ outgoing });
    uploader.keep(new Set(entries.map(({ clientMessageId }) => clientMessageId)));
    uploader.start(read.filter(({ clientMessageId }) => !gone.has(clientMessageId)));
    for (const entry of entries) if (entry.status === 'pending') sender.send(entry.chatId);
  }
  const stopListening = outbox.onChange(() => void refresh().catch(failed));
  refresh().catch(failed);

  const fileOf = async (id: ClientMessageId) => saving.get(id) ?? (await outbox.file(id));
  const discard = (entry: Outgoing) => {
    hide(entry);
    uploader.cancel(entry.clientMessageId);
    // A picture that was not uploaded held up what stands behind it.
    outbox.remove(entry.clientMessageId).then(() => sender.send(entry.chatId), failed);
  };
  /** Under an id that the server knows with another text it would be refused for ever. */
  async function queueAnew(entry: Outgoing): Promise<void> {
    const file = await fileOf(entry.clientMessageId);
    queue({ ...entry, clientMessageId: uuidv7() as ClientMessageId }, file);
    discard(entry);
  }
  return {
    queue,
    show,
    discard,
    fileOf,
    stored: hide,
    retry: ({ code, detail: _detail, ...entry }) => {
      const { picture } = entry;
      const anew: Outgoing = {
        ...entry,
        status: 'pending',
        ...(picture === undefined ? {} : { picture: restarted(picture) }),
      };
      if (code === 'idempotency_conflict') queueAnew(anew).catch(failed);
      else queue(anew);
    },
    stop: () => {
      stopListening();
      outbox.close();
    },
  };
}
