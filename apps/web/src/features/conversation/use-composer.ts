import { ApiError } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import { messageText } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { useCallback, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { browserPictureTools } from '../pictures/send/browser-picture-tools.ts';
import {
  choosePictures,
  chosenPictures,
  clearChosen,
  NOTHING_CHOSEN,
  type Chosen,
} from '../pictures/send/chosen-pictures.ts';
import { changeProblem } from './change-problem.ts';
import { readDraft, writeDraft, type EditDraft } from './drafts.ts';
import { useKeptEdit } from './use-kept-edit.ts';

/** What is being written: something new, an answer to a message, or another text for one. */
export type ComposerTask =
  | { kind: 'new' }
  | { kind: 'reply'; to: Message }
  /** `replaces` is the text that the author sees replaced, undefined once it is known that there is another by now. */
  | { kind: 'edit'; message: Message; replaces: string | null | undefined };

export type Composing = {
  task: ComposerTask;
  /** With pictures it is their caption, and may be empty. */
  text: string;
  /** Nothing while an edit lies over it. */
  chosen: Chosen;
  canSend: boolean;
  busy: boolean;
  /** Why an edit was not taken. */
  problem: string | null;
  write(text: string): void;
  /** Takes pictures in beside the text. */
  choose(files: File[]): void;
  clearPictures(): void;
  /** Sends, or saves the edit. */
  submit(): void;
  reply(to: Message): void;
  edit(message: Message): void;
  /** Goes on with an edit that was begun before. */
  resumeEdit(message: Message, edit: Omit<EditDraft, 'seq'>): void;
  /** Back to something new; what was begun before stands there again. */
  cancel(): void;
  /** Adds a text to the draft, which is kept. */
  insert(text: string): void;
};

const NEW: ComposerTask = { kind: 'new' };

/** What is begun in a chat, kept while other chats are open; an edit lies over it and leaves it as it was. */
export function useComposer(chatId: ChatId): Composing {
  const client = useChatClient();
  const [draft, setDraft] = useState(() => readDraft(chatId));
  const [edited, setEdited] = useState('');
  const [task, setTask] = useState<ComposerTask>(NEW);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => writeDraft(chatId, draft), [chatId, draft]);

  const held = useStore(chosenPictures, (all) => all[chatId] ?? NOTHING_CHOSEN);
  const chosen = task.kind === 'edit' ? NOTHING_CHOSEN : held;
  const text = task.kind === 'edit' ? edited : draft;
  const mayBeEmpty = chosen.pictures.length > 0;
  const isFine = messageText.safeParse(text).success || (mayBeEmpty && text.trim() === '');
  const canSend = isFine && chosen.reading === 0 && !busy;
  const start = useCallback((next: ComposerTask) => {
    setProblem(null);
    setTask(next);
    if (next.kind === 'edit') setEdited(next.message.text ?? '');
  }, []);
  const resumeEdit = useCallback(
    (message: Message, { text: kept, replaces }: Omit<EditDraft, 'seq'>) => {
      start({ kind: 'edit', message, replaces });
      setEdited(kept);
    },
    [start],
  );
  const editing = task.kind === 'edit' ? { seq: task.message.seq, text: edited, replaces: task.replaces } : undefined;
  useKeptEdit(chatId, editing, resumeEdit);

  async function save(task: Extract<ComposerTask, { kind: 'edit' }>): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await client.edit(task.message, text.trim(), task.replaces);
      start(NEW);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'edit_conflict') {
        setTask({ ...task, replaces: undefined });
        setProblem(`${changeProblem(error)} Saving again replaces that.`);
      } else setProblem(changeProblem(error));
    } finally {
      setBusy(false);
    }
  }

  const choose = useCallback(
    (files: File[]) => {
      if (files.length === 0) return;
      setTask((before) => (before.kind === 'edit' ? NEW : before));
      choosePictures(chatId, files, browserPictureTools).catch(console.error);
    },
    [chatId],
  );

  /** Each picture is a message of its own; the text and what it answers go with the first. */
  function send(): void {
    const said = { text: text.trim(), ...(task.kind === 'reply' ? { replyToSeq: task.to.seq } : {}) };
    const [first, ...others] = chosen.pictures.map(({ file, contentType, width, height }) => ({
      picture: { file, contentType, width, height },
    }));
    client.send(chatId, { ...said, ...first });
    for (const other of others) client.send(chatId, { text: '', ...other });
    clearChosen(chatId);
    setDraft('');
    start(NEW);
  }

  return {
    task,
    text,
    chosen,
    canSend,
    busy,
    problem,
    write: (value) => {
      if (task.kind === 'edit') return setEdited(value);
      setDraft(value);
      if (value.trim() === '') client.stoppedTyping(chatId);
      else client.typed(chatId);
    },
    submit: () => {
      if (!canSend) return;
      if (task.kind === 'edit') return void save(task);
      send();
    },
    choose,
    clearPictures: useCallback(() => clearChosen(chatId), [chatId]),
    reply: useCallback((to) => start({ kind: 'reply', to }), [start]),
    edit: useCallback((message) => start({ kind: 'edit', message, replaces: message.text }), [start]),
    resumeEdit,
    cancel: useCallback(() => start(NEW), [start]),
    insert: useCallback(
      (added) => setDraft((before) => [before, added].filter((one) => one.trim() !== '').join('\n')),
      [],
    ),
  };
}
