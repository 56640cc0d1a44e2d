'use client';
import type { Message, MessageImage } from '@parley/contracts';
import { clsx } from 'clsx';
import { ImageOff } from 'lucide-react';
import { memo } from 'react';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { dayText } from '../chats/time-text.ts';
import { Blurhash } from '../pictures/show/blurhash.tsx';
import { mayMove } from '../pictures/show/image-sources.ts';
import { LoadedImage } from '../pictures/show/loaded-image.tsx';
import { useLoading } from '../pictures/show/use-loading.ts';
import { useReducedMotion } from '../pictures/show/use-reduced-motion.ts';
import { viewPicture } from '../pictures/show/viewed-picture.ts';

type MediaThumbProps = { message: Message; now: number; tabbable: boolean; onFocus?(message: Message): void };

/** A picture as a small square, which opens it in full. */
export const MediaThumb = memo(function MediaThumb({ message, ...rest }: MediaThumbProps) {
  return message.image === null ? null : <Square {...rest} message={message} image={message.image} />;
});

function Square({ message, image: own, now, tabbable, onFocus }: MediaThumbProps & { image: MessageImage }) {
  const me = useClientState((state) => state.me);
  const name = useClientState((state) => state.people[message.senderId]?.displayName ?? '…');
  const { image, attempt, status, onLoad, onError, retry } = useLoading(message, own);
  const still = useReducedMotion() && mayMove(image);
  const label = `Photo from ${message.senderId === me ? 'you' : name}, ${dayText(message.createdAt, now)}`;
  const isFailed = status === 'failed';
  return (
    <button
      type="button"
      data-cell
      data-picture={status}
      tabIndex={tabbable ? 0 : -1}
      aria-label={isFailed ? `${label}, couldn’t be loaded. Tap to retry` : label}
      onFocus={() => onFocus?.(message)}
      onClick={isFailed ? retry : () => viewPicture({ ...message, image })}
      className="bg-raised relative block aspect-square w-full overflow-hidden rounded-lg focus-visible:-outline-offset-3"
    >
      <Blurhash
        hash={image.blurhash}
        size={image}
        className={clsx(status === 'loaded' && 'opacity-0 transition-opacity delay-300 duration-0')}
      />
      {isFailed ? (
        <span className="absolute inset-0 m-auto flex size-8 items-center justify-center rounded-full bg-black/55 text-white">
          <ImageOff size={16} aria-hidden />
        </span>
      ) : (
        <LoadedImage
          key={attempt}
          src={image.thumbUrl}
          alt=""
          loading="lazy"
          isLoaded={status === 'loaded'}
          still={still}
          onLoad={onLoad}
          onError={onError}
        />
      )}
    </button>
  );
}
