import { messageAt, shownRun } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { useEffect, useState } from 'react';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { readEdit, writeEdit, type EditDraft } from './drafts.ts';

/**
 * Keeps the text of an edit that isn't saved, over a look into another chat and over a reload.
 * @param editing undefined: nothing is edited
 * @param onKept called once the message of a kept edit is held again
 */
export function useKeptEdit(
  chatId: ChatId,
  editing: EditDraft | undefined,
  onKept: (message: Message, edit: EditDraft) => void,
): void {
  const [kept, setKept] = useState(() => readEdit(chatId));
  const message = useClientState(({ chats }) => {
    const timeline = kept === null ? undefined : chats[chatId]?.timeline;
    return timeline === undefined ? undefined : messageAt(shownRun(timeline), kept?.seq ?? 0);
  });
  useEffect(() => {
    if (kept === null || message === undefined) return;
    setKept(null);
    if (message.deletedAt === null) onKept(message, kept);
  }, [kept, message, onKept]);

  const { seq, text, replaces } = editing ?? {};
  useEffect(() => {
    if (kept !== null) return;
    writeEdit(chatId, seq === undefined || text === undefined ? null : { seq, text, replaces });
  }, [kept, chatId, seq, text, replaces]);
}
