'use client';
import type { Outgoing, OutgoingPicture } from '@parley/chat-client';
import { X } from 'lucide-react';
import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { useClientState } from '../../chats/chat-client-provider.tsx';
import { useConversationActions } from '../../conversation/conversation-actions.tsx';
import { PictureFrame } from '../show/picture-frame.tsx';
import { ProgressRing } from './progress-ring.tsx';
import { uploadProgress, type UploadProgress } from './upload-progress.ts';
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
  const { text, fraction, trouble, canCancel } = useUploadProgress(entry);
  return (
    <div className="absolute inset-0 flex items-center justify-center bg-black/20 text-white">
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
        aria-hidden
        className="absolute top-1.5 left-1.5 rounded-full bg-black/60 px-2 py-1 text-[11px] leading-none font-semibold tabular-nums"
      >
        {text}
      </span>
    </div>
  );
}

/** Below a picture that doesn't get on: why, and that nothing has to be done. */
export function UploadTrouble({ entry }: { entry: Outgoing }) {
  const { trouble } = useUploadProgress(entry);
  return (
    <p role="status" className="text-muted text-right text-xs not-empty:mt-1">
      {trouble}
    </p>
  );
}

function useUploadProgress(entry: Outgoing): UploadProgress {
  const view = useClientState((state) => state.uploads[entry.clientMessageId]);
  return uploadProgress(entry, view);
}
