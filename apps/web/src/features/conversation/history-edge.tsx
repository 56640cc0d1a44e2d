'use client';
import { LoaderCircle } from 'lucide-react';
import { type ChatState, hasOlder } from '@parley/chat-client';

/** The upper end of what is held: more is on its way. */
export function HistoryEdge({ context }: { context?: { chat: ChatState } }) {
  const more = context !== undefined && hasOlder(context.chat.timeline);
  if (!more) return <div className="h-3" />;
  return (
    <div role="status" className="text-muted flex h-14 items-center justify-center gap-2 text-xs">
      <LoaderCircle size={16} className="animate-spin" aria-hidden /> Loading older messages
    </div>
  );
}
