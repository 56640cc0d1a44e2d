import { clsx } from 'clsx';
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps } from 'react';

type Look = 'primary' | 'quiet' | 'danger';

const LOOKS: Record<Look, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  quiet: 'bg-raised text-ink hover:bg-line',
  danger: 'bg-danger-soft text-danger hover:brightness-95',
};

export const buttonClass = (look: Look = 'primary') =>
  clsx(
    'inline-flex min-h-11 items-center justify-center gap-2 rounded-xl px-4 font-semibold transition-colors disabled:opacity-60',
    LOOKS[look],
  );

export function Button({
  look = 'primary',
  busy = false,
  className,
  children,
  ...rest
}: ComponentProps<'button'> & { look?: Look; busy?: boolean }) {
  return (
    <button type="button" {...rest} disabled={busy || rest.disabled} className={clsx(buttonClass(look), className)}>
      {busy && <LoaderCircle size={18} className="animate-spin" aria-hidden />}
      {children}
    </button>
  );
}

/** A button that is an icon; its label is what it is called. */
export function IconButton({ label, className, children, ...rest }: ComponentProps<'button'> & { label: string }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className={clsx(
        'text-muted hover:bg-raised hover:text-ink inline-flex size-11 shrink-0 items-center justify-center rounded-xl transition-colors',
        className,
      )}
    >
      {children}
    </button>
  );
}
