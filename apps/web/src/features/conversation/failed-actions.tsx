'use client';
import { Pencil, RotateCcw, Trash2 } from 'lucide-react';
import type { Outgoing } from '@parley/chat-client';
import type { Message } from '@parley/contracts';
import { useChatClient, useClientState } from '../chats/chat-client-provider.tsx';
import { changeRefusal } from './change-problem.ts';
import { useConversationActions } from './conversation-actions.tsx';
import { refusalText } from './refusal-text.ts';

const ACTION = 'inline-flex min-h-9 items-center gap-1 rounded-lg px-2 font-semibold hover:bg-raised';

/** Below a message that was refused: its text is kept until its author decides. */
export function FailedActions({ entry }: { entry: Outgoing }) {
  const client = useChatClient();
  const { takeBack } = useConversationActions();
  return (
    <Refused
      reason={refusalText(entry)}
      onRetry={() => client.retry(entry)}
      onEdit={() => takeBack(entry)}
      onDiscard={() => client.discard(entry)}
    />
  );
}

/** Below a message whose new text was refused after it had waited for a network: that text is kept too. */
export function FailedEdits({ message }: { message: Message }) {
  const client = useChatClient();
  const changes = useClientState((state) => state.changes[message.id]);
  const { takeBackEdit } = useConversationActions();
  return changes?.map((change) =>
    change.status === 'failed' && change.wish.kind === 'edit' ? (
      <Refused
        key={change.id}
        reason={`${changeRefusal(change.code)} Your new text:`}
        text={change.wish.text}
        retryLabel={change.code === 'edit_conflict' ? 'Use this text' : 'Try again'}
        onRetry={message.deletedAt === null ? () => client.retryChange(change) : undefined}
        onEdit={() => takeBackEdit(message, change)}
        onDiscard={() => client.discardChange(change)}
      />
    ) : null,
  );
}

type RefusedProps = {
  reason: string;
  text?: string;
  retryLabel?: string;
  onRetry: (() => void) | undefined;
  onEdit(): void;
  onDiscard(): void;
};

function Refused({ reason, text, retryLabel = 'Try again', onRetry, onEdit, onDiscard }: RefusedProps) {
  return (
    <div className="text-danger mt-1 flex max-w-[85%] flex-col items-end text-xs">
      <span role="alert" className="text-right">
        {reason}
      </span>
      {text !== undefined && (
        <q dir="auto" className="text-ink mt-0.5 line-clamp-4 text-right wrap-anywhere">
          {text}
        </q>
      )}
      <span className="-mr-2 flex flex-wrap justify-end">
        {onRetry !== undefined && (
          <button type="button" className={ACTION} onClick={onRetry}>
            <RotateCcw size={13} aria-hidden /> {retryLabel}
          </button>
        )}
        <button type="button" className={ACTION} onClick={onEdit}>
          <Pencil size={13} aria-hidden /> Edit
        </button>
        <button type="button" className={ACTION} onClick={onDiscard}>
          <Trash2 size={13} aria-hidden /> Discard
        </button>
      </span>
    </div>
  );
}
