'use client';
import type { ChatState } from '@parley/chat-client';
import { CloudOff, LoaderCircle } from 'lucide-react';
import { clsx } from 'clsx';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { useClientState } from '../chats/chat-client-provider.tsx';
import { freshnessOf, reachText, type FreshnessState } from './freshness-state.ts';

/** Moments heal by themselves: nobody needs to see them. */
const PATIENCE_MS = 400;

const WORDS: Record<FreshnessState, string> = { live: 'Live', 'catching up': 'Catching up', offline: 'Offline' };
const MEANINGS: Record<FreshnessState, string> = {
  live: 'New messages arrive as they are sent.',
  'catching up': 'What was missed is being fetched.',
  offline: 'This is what was here when the connection was lost. What you write is sent when it is back.',
};

/** How fresh a conversation is: a dot while all is well, words while it is not; on a click or under the mouse, all of it. */
export function Freshness({ chat }: { chat: ChatState }) {
  const connection = useClientState((state) => state.connection);
  const catchingUp = useClientState((state) => state.catchingUp);
  const roundTripMs = useClientState((state) => state.roundTripMs);
  const state = useSettled(freshnessOf(chat, { connection, catchingUp }));
  const [isOpen, setOpen] = useState(false);
  const panelId = useId();
  const reach = reachText(chat, state);
  const roundTrip = roundTripMs === null ? null : `${Math.max(1, Math.round(roundTripMs))} ms`;
  return (
    <div
      className="relative shrink-0"
      onMouseEnter={() => setOpen(true)}
      onMouseLeave={() => setOpen(false)}
      onBlur={() => setOpen(false)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <button
        type="button"
        data-testid="freshness"
        data-state={state}
        aria-expanded={isOpen}
        aria-controls={panelId}
        aria-label={[WORDS[state], reach, ...(roundTrip === null ? [] : [roundTrip])].join('. ')}
        onClick={() => setOpen(true)}
        className={clsx(
          'inline-flex h-11 min-w-11 items-center justify-center gap-1.5 rounded-xl text-xs font-semibold',
          state === 'live' ? 'hover:bg-raised' : 'bg-soft my-1.5 h-8 px-2.5',
        )}
      >
        <Sign state={state} />
      </button>
      <div
        id={panelId}
        hidden={!isOpen}
        className="rise border-line bg-panel absolute top-full right-0 z-10 w-64 rounded-2xl border p-4 text-sm shadow-xl"
      >
        <p className="font-semibold">{WORDS[state]}</p>
        <p className="text-muted mt-0.5 leading-snug">{MEANINGS[state]}</p>
        <dl className="mt-3 grid grid-cols-[1fr_auto] gap-y-1">
          <Line name="Messages">{reach}</Line>
          <Line name="Round trip">{roundTrip ?? '–'}</Line>
        </dl>
      </div>
    </div>
  );
}

function Sign({ state }: { state: FreshnessState }) {
  if (state === 'live') return <span aria-hidden className="bg-online size-2.5 rounded-full" />;
  if (state === 'offline') {
    return (
      <>
        <CloudOff size={15} aria-hidden /> <span className="max-sm:sr-only">{WORDS[state]}</span>
      </>
    );
  }
  return (
    <>
      <LoaderCircle size={15} aria-hidden className="animate-spin" />
      <span className="max-sm:sr-only">{WORDS[state]}</span>
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="text-right font-medium tabular-nums">{children}</dd>
    </>
  );
}

/** `state` once it has lasted; good news at once. */
function useSettled(state: FreshnessState): FreshnessState {
  const [settled, setSettled] = useState(state);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(state), state === 'live' ? 0 : PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return settled;
}
