'use client';
import { LoaderCircle } from 'lucide-react';
import { hasOlder } from '../../client/chat/timeline.ts';
import type { ChatState } from '../../client/chat/chat-state.ts';

/** The upper end of what is held: more is on its way, or here it all began. */
export function HistoryEdge({ context }: { context?: { chat: ChatState } }) {
  const more = context !== undefined && hasOlder(context.chat.timeline);
  return (
    <div className="text-muted flex h-14 items-center justify-center text-xs">
      {more ? (
        <span role="status" className="inline-flex items-center gap-2">
          <LoaderCircle size={16} className="animate-spin" aria-hidden /> Loading older messages
        </span>
      ) : (
        'The beginning of your conversation'
      )}
    </div>
  );
}
