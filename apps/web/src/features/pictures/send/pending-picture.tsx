'use client';
import type { Outgoing, OutgoingPicture } from '@parley/chat-client';
import { X } from 'lucide-react';
import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { useClientState } from '../../chats/chat-client-provider.tsx';
import { useConversationActions } from '../../conversation/conversation-actions.tsx';
import { PictureFrame } from '../show/picture-frame.tsx';
import { ProgressRing } from './progress-ring.tsx';
import { uploadProgress } from './upload-progress.ts';
import { usePictureUrl } from './use-picture-url.ts';

/** A picture of one's own that is on its way, or was refused: from this device, in the place where the stored one will be. `children` lie over it. */
export function PendingPicture({ entry, picture, children }: PendingPictureProps) {
  const url = usePictureUrl(entry);
  const isFailed = entry.status === 'failed';
  return (
    <PictureFrame size={picture} captioned={entry.text !== ''} className="bg-raised">
      {url !== null && (
        <img
          src={url}
          alt="Your photo, not sent yet"
          draggable={false}
          className={clsx('absolute inset-0 size-full object-cover', isFailed && 'opacity-50')}
        />
      )}
      {!isFailed && <Progress entry={entry} />}
      {children}
    </PictureFrame>
  );
}

type PendingPictureProps = { entry: Outgoing; picture: OutgoingPicture; children?: ReactNode };

function Progress({ entry }: { entry: Outgoing }) {
  const { cancelUpload } = useConversationActions();
  const view = useClientState((state) => state.uploads[entry.clientMessageId]);
  const { text, fraction, trouble, canCancel } = uploadProgress(entry, view);
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-1.5 bg-black/20 p-2 text-white">
      <span className="relative inline-flex size-13 items-center justify-center rounded-full bg-black/60">
        <ProgressRing fraction={fraction} text={text} isStill={trouble !== null} />
        {canCancel && (
          <button
            type="button"
            aria-label="Cancel the upload"
            onClick={() => cancelUpload(entry)}
            className="inline-flex size-11 items-center justify-center rounded-full focus-visible:outline-white"
          >
            <X size={20} strokeWidth={2.6} aria-hidden />
          </button>
        )}
      </span>
      <span
        role={trouble === null ? undefined : 'status'}
        className="max-w-full rounded-xl bg-black/60 px-2 py-0.5 text-center text-xs leading-snug font-semibold tabular-nums"
      >
        {trouble ?? text}
      </span>
    </div>
  );
}
