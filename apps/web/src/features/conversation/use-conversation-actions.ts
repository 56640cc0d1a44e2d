import { messageAt, type ChatClient, type ChatState, type Outgoing } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { useEffect, useMemo, useState } from 'react';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { requestJump } from '../chats/jump-target.ts';
import { chooseAgain } from '../pictures/send/chosen-pictures.ts';
import { changeProblem, changeRefusal } from './change-problem.ts';
import type { ConversationActions } from './conversation-actions.tsx';
import { copyText } from './copy-text.ts';
import type { Composing } from './use-composer.ts';

const NOTE_MS = 4_000;

const heldMessage = (client: ChatClient, chatId: ChatId, seq: number): Message | undefined => {
  const timeline = client.store.getState().chats[chatId]?.timeline;
  return timeline === undefined ? undefined : messageAt(timeline.messages, seq);
};

/** Something to say for a few seconds. */
export type PassingNote = { text: string; isProblem: boolean };

/** What can be done with the messages of one conversation, and what that has opened: a menu, a question, a note. */
export function useActions(chat: ChatState, composing: Composing) {
  const client = useChatClient();
  const [menu, setMenu] = useState<{ message: Message; near: DOMRect } | null>(null);
  const [deleting, setDeleting] = useState<Message | null>(null);
  const [note, setNote] = useState<PassingNote | null>(null);
  const { id } = chat;
  const { reply, edit, resumeEdit, insert } = composing;
  useEffect(() => {
    if (note === null) return;
    const timer = setTimeout(() => setNote(null), NOTE_MS);
    return () => clearTimeout(timer);
  }, [note]);

  useEffect(
    () =>
      client.on((event) => {
        // An edit says so itself, below its message.
        if (event.type !== 'change refused' || event.change.chatId !== id || event.change.wish.kind === 'edit') return;
        setNote({ text: changeRefusal(event.change.code), isProblem: true });
      }),
    [client, id],
  );

  const actions = useMemo<ConversationActions>(() => {
    /** Text and answer are in the composer again, and the entry is gone. */
    const restore = (entry: Outgoing) => {
      insert(entry.text);
      const answered = entry.replyToSeq === undefined ? undefined : heldMessage(client, id, entry.replyToSeq);
      if (answered !== undefined) reply(answered);
      client.discard(entry);
    };
    return {
      reply,
      edit,
      remove: setDeleting,
      react: (message, emoji, on) => {
        client.react(message, emoji, on).catch((error: unknown) => {
          setNote({ text: changeProblem(error), isProblem: true });
        });
      },
      copy: (message) => {
        copyText(message.text ?? '').then(
          () => setNote({ text: 'Copied', isProblem: false }),
          () => setNote({ text: 'The text couldn’t be copied.', isProblem: true }),
        );
      },
      openMenu: (message, near) => setMenu({ message, near }),
      jumpTo: (seq) => requestJump(id, seq),
      takeBack: (entry) => {
        const { picture } = entry;
        if (picture === undefined) return restore(entry);
        client.fileOf(entry).then(
          (file) => {
            if (file !== undefined) chooseAgain(id, { ...picture, file });
            restore(entry);
          },
          () => setNote({ text: 'The picture couldn’t be read.', isProblem: true }),
        );
      },
      takeBackEdit: (message, change) => {
        if (change.wish.kind !== 'edit') return;
        if (message.deletedAt === null) resumeEdit(message, { text: change.wish.text, replaces: message.text });
        else insert(change.wish.text);
        client.discardChange(change);
      },
      cancelUpload: (entry) => (entry.text === '' ? client.discard(entry) : restore(entry)),
    };
  }, [client, id, reply, edit, resumeEdit, insert]);
  return { actions, menu, deleting, note, closeMenu: () => setMenu(null), closeDeleting: () => setDeleting(null) };
}
