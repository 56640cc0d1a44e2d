import type { Message } from '@parley/contracts';
import { messageText } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { useCallback, useEffect, useState } from 'react';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { changeProblem } from './change-problem.ts';
import { readDraft, writeDraft } from './drafts.ts';

/** What is being written: something new, an answer to a message, or another text for one. */
export type ComposerTask = { kind: 'new' } | { kind: 'reply'; to: Message } | { kind: 'edit'; message: Message };

export type Composing = {
  task: ComposerTask;
  text: string;
  canSend: boolean;
  busy: boolean;
  /** Why an edit was not taken. */
  problem: string | null;
  write(text: string): void;
  /** Sends, or saves the edit. */
  submit(): void;
  reply(to: Message): void;
  edit(message: Message): void;
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

  const text = task.kind === 'edit' ? edited : draft;
  const canSend = messageText.safeParse(text).success && !busy;
  const start = useCallback((next: ComposerTask) => {
    setProblem(null);
    setTask(next);
    if (next.kind === 'edit') setEdited(next.message.text ?? '');
  }, []);

  async function save(message: Message): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      await client.edit(message, text.trim());
      start(NEW);
    } catch (error) {
      setProblem(changeProblem(error));
    } finally {
      setBusy(false);
    }
  }

  return {
    task,
    text,
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
      if (task.kind === 'edit') return void save(task.message);
      client.send(chatId, { text: text.trim(), ...(task.kind === 'reply' ? { replyToSeq: task.to.seq } : {}) });
      setDraft('');
      start(NEW);
    },
    reply: useCallback((to) => start({ kind: 'reply', to }), [start]),
    edit: useCallback((message) => start({ kind: 'edit', message }), [start]),
    cancel: useCallback(() => start(NEW), [start]),
    insert: useCallback((added) => setDraft((held) => (held.trim() === '' ? added : `${held}\n${added}`)), []),
  };
}
