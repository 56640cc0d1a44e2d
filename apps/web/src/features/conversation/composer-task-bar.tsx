import { Pencil, Reply, X } from 'lucide-react';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { saidText } from '../chats/said-text.ts';
import { SmallThumb } from '../pictures/show/small-thumb.tsx';
import type { ComposerTask } from './use-composer.ts';

/** Above the composer: which message is answered or edited, and the way out of it. */
export function ComposerTaskBar({ task, author, onCancel }: { task: ComposerTask; author: string; onCancel(): void }) {
  const me = useClientState((state) => state.me);
  if (task.kind === 'new') return null;
  const isEdit = task.kind === 'edit';
  const message = isEdit ? task.message : task.to;
  const Icon = isEdit ? Pencil : Reply;
  const title = isEdit ? 'Edit message' : `Reply to ${message.senderId === me ? 'yourself' : author}`;
  return (
    <div className="rise mx-auto flex w-full max-w-3xl items-center gap-3 px-4 pt-2.5 sm:px-6">
      <Icon size={18} aria-hidden className="text-accent shrink-0" />
      <div className="border-accent min-w-0 flex-1 border-l-2 pl-3 text-sm leading-snug">
        <p className="text-accent truncate font-semibold">{title}</p>
        <p className="text-muted truncate">{saidText(message)}</p>
      </div>
      {message.image !== null && <SmallThumb image={message.image} className="size-10" />}
      <button
        type="button"
        aria-label={isEdit ? 'Leave the edit' : 'Don’t reply'}
        onClick={onCancel}
        className="text-muted hover:bg-raised hover:text-ink -mr-2 inline-flex size-11 shrink-0 items-center justify-center rounded-xl"
      >
        <X size={18} aria-hidden />
      </button>
    </div>
  );
}
