import { clsx } from 'clsx';
import { avatarHue, initials } from './avatar-look.ts';

/** A person's initials on a colour of their own; the dot says that they are online. */
export function Avatar({
  id,
  name,
  online = false,
  size = 44,
}: {
  id: string;
  name: string;
  online?: boolean;
  size?: number;
}) {
  const hue = avatarHue(id);
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
      {online && (
        <span className={clsx('border-panel bg-online absolute right-0 bottom-0 size-3 rounded-full border-2')}>
          <span className="sr-only">online</span>
        </span>
      )}
    </span>
  );
}
