'use client';
import type { Message, MessageImage } from '@parley/contracts';
import { clsx } from 'clsx';
import { RotateCw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { localUrl } from '../local-pictures.ts';
import { Blurhash } from './blurhash.tsx';
import { imageSources, mayMove } from './image-sources.ts';
import { LoadedImage } from './loaded-image.tsx';
import { frameBox, PictureFrame } from './picture-frame.tsx';
import { useLoading } from './use-loading.ts';
import { useReducedMotion } from './use-reduced-motion.ts';
import { viewPicture } from './viewed-picture.ts';

/** The picture of a message within its bubble: its preview at once, then itself; a click opens it in full. `children` lie over it. */
export function MessagePicture({ message, image: own, name, children }: MessagePictureProps) {
  const { image, attempt, status, onLoad, onError, retry } = useLoading(message, own);
  const still = useReducedMotion() && mayMove(image);
  const [local] = useState(() => localUrl(message.clientMessageId));
  // What is transparent must not show for ever what lies below; it leaves once the picture covers it.
  const below = clsx(status === 'loaded' && 'opacity-0 transition-opacity delay-300 duration-0');
  const captioned = message.text !== null;
  const label = `Photo from ${name}`;
  return (
    <PictureFrame size={image} captioned={captioned}>
      <Blurhash hash={image.blurhash} size={image} className={below} />
      {local !== undefined && (
        <img src={local} alt="" draggable={false} className={clsx('absolute inset-0 size-full object-cover', below)} />
      )}
      {status === 'failed' ? (
        <Failed label={label} onRetry={retry} />
      ) : (
        <button
          type="button"
          data-picture={status}
          onClick={() => viewPicture({ ...message, image })}
          className="absolute inset-0 cursor-zoom-in rounded-[inherit] focus-visible:-outline-offset-3"
        >
          <LoadedImage
            key={attempt}
            {...imageSources(image, frameBox(image, captioned))}
            alt={label}
            isLoaded={status === 'loaded'}
            still={still}
            onLoad={onLoad}
            onError={onError}
          />
        </button>
      )}
      {still && status === 'loaded' && image.contentType === 'image/gif' && (
        <span className="pointer-events-none absolute top-2 left-2 rounded-full bg-black/55 px-2 py-0.5 text-[11px] font-semibold text-white">
          GIF
        </span>
      )}
      {children}
    </PictureFrame>
  );
}

type MessagePictureProps = { message: Message; image: MessageImage; name: string; children?: ReactNode };

function Failed({ label, onRetry }: { label: string; onRetry(): void }) {
  return (
    <button
      type="button"
      aria-label={`${label} couldn’t be loaded. Tap to retry`}
      onClick={onRetry}
      className="absolute inset-0 flex flex-col items-center justify-center gap-1.5 rounded-[inherit] p-2 focus-visible:-outline-offset-3"
    >
      <span className="inline-flex items-center gap-1.5 rounded-full bg-black/60 px-3 py-1.5 text-center text-xs font-semibold text-white">
        <RotateCw size={14} aria-hidden className="shrink-0" /> Tap to retry
      </span>
    </button>
  );
}
