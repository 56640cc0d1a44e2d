'use client';
import { Pencil, RotateCcw, Trash2 } from 'lucide-react';
import type { Outgoing } from '@parley/chat-client';
import { useChatClient } from '../chats/chat-client-provider.tsx';
import { useConversationActions } from './conversation-actions.tsx';
import { refusalText } from './refusal-text.ts';

const ACTION = 'inline-flex min-h-9 items-center gap-1 rounded-lg px-2 font-semibold hover:bg-raised';

/** Below a message that was refused: its text is kept until its author decides. */
export function FailedActions({ entry }: { entry: Outgoing }) {
  const client = useChatClient();
  const { takeBack } = useConversationActions();
  return (
    <div className="text-danger mt-1 flex flex-col items-end text-xs">
      <span role="alert" className="text-right">
        {refusalText(entry)}
      </span>
      <span className="-mr-2 flex flex-wrap justify-end">
        <button type="button" className={ACTION} onClick={() => client.retry(entry)}>
          <RotateCcw size={13} aria-hidden /> Try again
        </button>
        <button type="button" className={ACTION} onClick={() => takeBack(entry)}>
          <Pencil size={13} aria-hidden /> Edit
        </button>
        <button type="button" className={ACTION} onClick={() => client.discard(entry)}>
          <Trash2 size={13} aria-hidden /> Discard
        </button>
      </span>
    </div>
  );
}
