import { clsx } from 'clsx';
import { useId, type ComponentProps, type ReactNode } from 'react';

type FieldProps = ComponentProps<'input'> & {
  label: string;
  error?: string | undefined;
  hint?: string;
  action?: ReactNode;
};

export const inputClass = (invalid: boolean) =>
  clsx(
    'bg-panel placeholder:text-muted/70 min-h-11 w-full rounded-xl border px-3.5 py-2.5 text-base transition-colors outline-none focus:ring-2',
    invalid ? 'border-danger focus:ring-danger/30' : 'border-line focus:border-accent focus:ring-accent/25',
  );

/** One input with its label, and below it what is wrong with it, or how to fill it in. */
export function Field({ label, error, hint, action, ...input }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          {...input}
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={note === undefined ? undefined : noteId}
          className={clsx(inputClass(error !== undefined), action !== undefined && 'pr-12')}
        />
        {action !== undefined && <div className="absolute inset-y-0 right-0 flex items-center">{action}</div>}
      </div>
      {note !== undefined && (
        <p id={noteId} className={clsx('text-sm', error === undefined ? 'text-muted' : 'text-danger')}>
          {note}
        </p>
      )}
    </div>
  );
}
