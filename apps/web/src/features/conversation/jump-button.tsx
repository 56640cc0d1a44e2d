import { ArrowDown } from 'lucide-react';

/** Back to the newest message, with how many came meanwhile. */
export function JumpButton({ unread, onClick }: { unread: number; onClick(): void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={unread > 0 ? `Jump to the latest, ${unread} new` : 'Jump to the latest'}
      className="rise border-line bg-panel hover:bg-raised absolute right-4 bottom-3 inline-flex h-11 min-w-11 items-center justify-center gap-2 rounded-full border px-3 shadow-lg"
    >
      {unread > 0 && <span className="text-warm text-sm font-bold tabular-nums">{unread > 99 ? '99+' : unread}</span>}
      <ArrowDown size={20} aria-hidden />
    </button>
  );
}
