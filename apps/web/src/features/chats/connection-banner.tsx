'use client';
import { CloudOff, LoaderCircle, RefreshCw, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Connection } from '@parley/chat-client';
import { useClientState } from './chat-client-provider.tsx';

/** Short interruptions heal by themselves: nobody needs to read about them. */
const PATIENCE_MS = 2_000;

const BANNERS = {
  connecting: { icon: LoaderCircle, spin: true, text: 'Connecting…' },
  polling: { icon: RefreshCw, spin: false, text: 'Slow connection. Messages may take a few seconds.' },
  unreachable: { icon: CloudOff, spin: false, text: 'Parley can’t be reached. Messages will be sent when it is back.' },
  offline: { icon: WifiOff, spin: false, text: 'You’re offline. Messages will be sent when you are back.' },
} as const;

/** Tells quietly when the connection isn't what it should be, and for how messages travel meanwhile. */
export function ConnectionBanner() {
  const connection = useClientState((state) => state.connection);
  const shown = useSettled(connection);
  if (shown === 'live') return <div role="status" className="sr-only" />;
  const { icon: Icon, spin, text } = BANNERS[shown];
  return (
    <div
      role="status"
      className="rise bg-soft text-ink flex items-center justify-center gap-2 px-4 pt-[max(0.5rem,env(safe-area-inset-top))] pb-2 text-center text-[13px] font-medium"
    >
      <Icon size={15} aria-hidden className={spin ? 'animate-spin' : undefined} />
      {text}
    </div>
  );
}

/** `connection` once it has lasted; good news at once. */
function useSettled(connection: Connection): Connection {
  const [settled, setSettled] = useState<Connection>('live');
  useEffect(() => {
    const delay = connection === 'live' || connection === 'offline' ? 0 : PATIENCE_MS;
    const timer = setTimeout(() => setSettled(connection), delay);
    return () => clearTimeout(timer);
  }, [connection]);
  return settled;
}
