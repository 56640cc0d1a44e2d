import type { MessageImage } from '@parley/contracts';
import { clsx } from 'clsx';
import { useState } from 'react';
import { Blurhash } from './blurhash.tsx';

/** A picture so small that its blurred preview will do where it can't be loaded; the words beside it say what it is. */
export function SmallThumb({ image, className }: { image: MessageImage; className?: string }) {
  const [isFailed, setFailed] = useState(false);
  return (
    <span className={clsx('relative block shrink-0 overflow-hidden rounded-md', className)}>
      <Blurhash hash={image.blurhash} size={image} />
      {!isFailed && (
        <img
          src={image.thumbUrl}
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setFailed(true)}
          className="absolute inset-0 size-full object-cover"
        />
      )}
    </span>
  );
}
