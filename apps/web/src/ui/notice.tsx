import { clsx } from 'clsx';
import type { ReactNode } from 'react';

/** A sentence that must not be missed, read out when it appears. */
export function Notice({ tone = 'danger', children }: { tone?: 'danger' | 'info'; children: ReactNode }) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={clsx(
        'rise rounded-xl px-4 py-3 text-sm font-medium',
        tone === 'danger' ? 'bg-danger-soft text-danger' : 'bg-soft text-ink',
      )}
    >
      {children}
    </div>
  );
}
