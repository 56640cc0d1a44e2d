import { messageAt, shownRun, type ChatState } from '@parley/chat-client';
import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { jumpTarget, type JumpTarget } from '../chats/jump-target.ts';

const SHOWN_MS = 2_000;

export type Jump = {
  /** The message that was jumped to and is held by now. */
  reached: JumpTarget | null;
  /** Its seq, as long as it is to be pointed out. */
  foundSeq: number | null;
  failed: boolean;
};

/** Takes a wish to see a message of this chat to its end: loads what is around it, and points it out. */
export function useJump(chat: ChatState): Jump {
  const client = useChatClient();
  const { id } = chat;
  const wished = useStore(jumpTarget, ({ target }) => (target?.chatId === id ? target : null));
  const [loaded, setLoaded] = useState<JumpTarget | null>(null);
  const [failed, setFailed] = useState(false);
  const [foundSeq, setFoundSeq] = useState<number | null>(null);

  useEffect(() => {
    if (wished === null) return;
    let isCurrent = true;
    setFailed(false);
    client.jump(id, wished.seq).then(
      () => isCurrent && setLoaded(wished),
      () => isCurrent && setFailed(true),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, id, wished]);

  const isHeld = loaded !== null && messageAt(shownRun(chat.timeline), loaded.seq) !== undefined;
  const reached = isHeld ? loaded : null;
  useEffect(() => {
    if (reached === null) return;
    setFoundSeq(reached.seq);
    jumpTarget.setState({ target: null });
    const timer = setTimeout(() => setFoundSeq(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [reached]);
  return { reached, foundSeq, failed };
}
