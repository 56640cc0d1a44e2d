'use client';
import type { ChatState } from '@parley/chat-client';
import { ShieldAlert } from 'lucide-react';
import { problemText } from './ledger-text.ts';

/** Above a conversation whose ledger doesn't hold. It can't be waved away: what is wrong stays wrong. */
export function LedgerWarning({ chat, onDetails }: { chat: ChatState; onDetails(): void }) {
  const [first, ...others] = chat.ledger.problems;
  if (first === undefined) return null;
  return (
    <div role="alert" className="bg-danger-soft text-danger flex items-center gap-3 px-4 py-2.5 text-sm md:px-5">
      <ShieldAlert size={20} aria-hidden className="shrink-0" />
      <p className="min-w-0 flex-1 leading-snug">
        <strong>This conversation has been tampered with.</strong> {problemText(first)}
        {others.length > 0 && ` And ${others.length} more.`}
      </p>
      <button
        type="button"
        onClick={onDetails}
        className="min-h-9 shrink-0 rounded-lg px-2 font-semibold underline underline-offset-2"
      >
        Details
      </button>
    </div>
  );
}
