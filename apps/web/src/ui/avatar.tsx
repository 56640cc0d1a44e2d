import { clsx } from 'clsx';
import { useState } from 'react';
import { avatarHue, initials } from './avatar-look.ts';

/** A person's picture, or their initials on a colour of their own; the dot says that they are online. */
export function Avatar({
  id,
  name,
  src = null,
  onBroken,
  online = false,
  size = 44,
}: {
  id: string;
  name: string;
  src?: string | null | undefined;
  /** The picture can't be loaded: the initials stay, until there is another URL. */
  onBroken?: () => void;
  online?: boolean;
  size?: number;
}) {
  const hue = avatarHue(id);
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span className="relative inline-block shrink-0" style={{ width: size, height: size }}>
      <span
        aria-hidden
        className="flex size-full items-center justify-center rounded-full font-semibold select-none"
        style={{
          fontSize: size * 0.38,
          background: `light-dark(oklch(0.89 0.06 ${hue}), oklch(0.38 0.06 ${hue}))`,
          color: `light-dark(oklch(0.37 0.09 ${hue}), oklch(0.92 0.05 ${hue}))`,
        }}
      >
        {initials(name)}
      </span>
      {src !== null && src !== undefined && src !== broken && (
        // Not next/image: the picture is small, and its URL is signed as it is.
        <img
          src={src}
          alt=""
          draggable={false}
          className="absolute inset-0 size-full rounded-full object-cover"
          onError={() => {
            setBroken(src);
            onBroken?.();
          }}
        />
      )}
      {online && (
        <span className={clsx('border-panel bg-online absolute right-0 bottom-0 size-3 rounded-full border-2')}>
          <span className="sr-only">online</span>
        </span>
      )}
    </span>
  );
}
