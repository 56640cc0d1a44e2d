import { dayText } from '../chats/time-text.ts';

export function DayDivider({ at, now }: { at: string | number; now: number }) {
  return (
    <div className="flex justify-center pt-4 pb-3">
      <span className="bg-raised text-muted rounded-full px-3 py-1 text-xs font-semibold">{dayText(at, now)}</span>
    </div>
  );
}

/** Above the first message that was unread when the conversation was opened. */
export function NewDivider() {
  return (
    <div className="flex items-center gap-3 py-3" role="separator" aria-label="New messages">
      <span className="bg-warm/40 h-px flex-1" />
      <span className="text-warm text-xs font-bold">New messages</span>
      <span className="bg-warm/40 h-px flex-1" />
    </div>
  );
}
