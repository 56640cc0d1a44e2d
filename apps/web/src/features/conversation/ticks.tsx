import { Check, CheckCheck, CircleAlert, Clock3, type LucideIcon } from 'lucide-react';
import { clsx } from 'clsx';
import type { DeliveryState } from '@parley/domain';

export type TickState = DeliveryState | 'pending' | 'failed';

const TICKS: Record<TickState, { icon: LucideIcon; label: string; className: string }> = {
  pending: { icon: Clock3, label: 'Waiting to be sent', className: 'text-muted' },
  sent: { icon: Check, label: 'Sent', className: 'text-muted' },
  delivered: { icon: CheckCheck, label: 'Delivered', className: 'text-muted' },
  seen: { icon: CheckCheck, label: 'Seen', className: 'text-tick' },
  failed: { icon: CircleAlert, label: 'Not sent', className: 'text-danger' },
};

/** How far one's own message has come: a clock, one tick, two ticks, two coloured ticks. */
export function Ticks({ state }: { state: TickState }) {
  const { icon: Icon, label, className } = TICKS[state];
  return (
    <span
      role="img"
      aria-label={label}
      title={label}
      data-tick={state}
      className={clsx('inline-flex shrink-0', className)}
    >
      <Icon size={state === 'pending' ? 13 : 16} strokeWidth={2.4} aria-hidden />
    </span>
  );
}
