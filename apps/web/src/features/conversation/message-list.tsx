'use client';
import { firstSeqOf, lastOf, marksOf, partnerOf, shownRun, type ChatState, type Outgoing } from '@parley/chat-client';
import { Hand } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useNow } from '../../ui/use-now.ts';
import { changedRun } from '../chats/changed-run.ts';
import { useChatClient, useClientState } from '../chats/chat-client-provider.tsx';
import { usePartner } from '../chats/use-partner.ts';
import { toBubbles, type Bubble } from './bubbles.ts';
import { HistoryEdge } from './history-edge.tsx';
import { JumpButton } from './jump-button.tsx';
import { MessageBubble } from './message-bubble.tsx';
import { useJump, type Jump } from './use-jump.ts';
import { useKeptBottom, type Last } from './use-kept-bottom.ts';
import { AT_A_GLANCE, useNewFrom } from './use-new-from.ts';
import { useSeen } from './use-seen.ts';
import { useWayTo, type Locate } from './use-way-to.ts';

const NONE: readonly Outgoing[] = [];
const END = { index: 'LAST', align: 'end' } as const;
const NEAR_BOTTOM_PX = 96;
/** In messages. */
const FAR = 50;

/** The messages: older ones come in above without a jump, the end stays in view while it is in view. */
export function MessageList({ chat }: { chat: ChatState }) {
  const jump = useJump(chat);
  // Somewhere else in the history is another list: a list follows its own ends, and would scroll through everything between.
  const [place, setPlace] = useState({ nth: 0, seq: null as number | null });
  const isElsewhere = chat.timeline.window !== null;
  const { reached } = jump;
  useEffect(() => {
    if (reached !== null && isElsewhere) setPlace(({ nth }) => ({ nth: nth + 1, seq: reached.seq }));
    // Only a jump opens another place; that the runs join later must not move anything.
  }, [reached]);
  return (
    <Run
      key={place.nth}
      chat={chat}
      jump={jump}
      startSeq={place.seq}
      onNewest={() => setPlace(({ nth }) => ({ nth: nth + 1, seq: null }))}
    />
  );
}

type RunProps = { chat: ChatState; jump: Jump; startSeq: number | null; onNewest(): void };

function Run({ chat, jump, startSeq, onNewest }: RunProps) {
  const client = useChatClient();
  const now = useNow();
  const list = useRef<VirtuosoHandle>(null);
  const shownEnd = useRef(0);
  // Not known until the list has measured itself.
  const [atBottom, setAtBottom] = useState<boolean | null>(null);
  const me = useClientState((state) => state.me);
  const waiting = useClientState((state) => state.outgoing[chat.id] ?? NONE);
  const isElsewhere = chat.timeline.window !== null;
  const outgoing = isElsewhere ? NONE : waiting;
  const partner = usePartner(partnerOf(chat, me));
  const newFrom = useNewFrom(chat, me);
  const { delivered, seen } = marksOf(chat, partnerOf(chat, me));
  const changes = useClientState((state) => state.changes);
  const held = shownRun(chat.timeline);
  const run = useMemo(() => changedRun(held, changes, me), [held, changes, me]);
  const bubbles = useMemo(
    () => toBubbles({ run, changes, outgoing, me, other: { delivered, seen }, newFrom }),
    [run, changes, outgoing, me, delivered, seen, newFrom],
  );
  useSeen(chat, atBottom === true && !isElsewhere);
  const added = useAdded(lastOf(run));
  const last = useLast(bubbles.at(-1));
  const way = useWayTo(list);
  const frame = useKeptBottom(list, atBottom === true && !isElsewhere, last);
  const first = Math.max(1, run[0]?.seq ?? firstSeqOf(chat.timeline));
  // A conversation opens at the message that was asked for, else where the unread begins, else at its end.
  const [startsAt] = useState(() => startSeq ?? bubbles.find(({ startsNew }) => startsNew)?.message?.seq ?? null);
  const firstShown = useRef(first);
  firstShown.current = first;
  const placeOf =
    (seq: number | null): Locate =>
    () =>
      seq === null ? END : { index: seq - firstShown.current, align: 'center' };
  useEffect(() => way.goTo(placeOf(startsAt)), []);

  const lastKey = waiting.at(-1)?.clientMessageId;
  useEffect(() => {
    if (lastKey === undefined) return;
    // What one writes oneself is always brought into view.
    if (isElsewhere) {
      client.showNewest(chat.id);
      onNewest();
    } else way.goTo(placeOf(null));
  }, [lastKey]);

  const { reached } = jump;
  useEffect(() => {
    if (reached !== null) way.goTo(placeOf(reached.seq));
  }, [reached]);

  if (bubbles.length === 0) {
    return (
      <EmptyState icon={<Hand size={28} aria-hidden />} title="Say hello">
        <p>This is the very beginning of your conversation with {partner.name}.</p>
      </EmptyState>
    );
  }
  const toNewest = () => {
    if (isElsewhere) {
      client.showNewest(chat.id);
      return onNewest();
    }
    // A long way is not walked: what lies between has never been measured, so a walk would end somewhere in it.
    if (first + bubbles.length - shownEnd.current > FAR) return way.goTo(placeOf(null));
    way.stop();
    list.current?.scrollToIndex({ ...END, behavior: 'smooth' });
  };
  return (
    <div ref={frame} className="relative min-h-0 flex-1">
      <Virtuoso<Bubble>
        ref={list}
        className="h-full overscroll-contain"
        data={bubbles}
        // The index of a message is its seq: pages that come in above leave every other message where it is.
        firstItemIndex={first}
        scrollerRef={way.scrollerRef}
        initialTopMostItemIndex={startsAt === null ? END : placeOf(startsAt)()}
        computeItemKey={(_, bubble) => bubble.key}
        itemContent={(_, bubble) => (
          <MessageBubble
            bubble={bubble}
            author={partner.name}
            now={now}
            found={bubble.message !== null && bubble.message.seq === jump.foundSeq}
          />
        )}
        components={COMPONENTS}
        context={{ chat }}
        alignToBottom
        atBottomThreshold={NEAR_BOTTOM_PX}
        atBottomStateChange={setAtBottom}
        // What was missed is read from where it begins.
        followOutput={(isAtBottom) => (isAtBottom && !isElsewhere && added <= AT_A_GLANCE ? 'auto' : false)}
        rangeChanged={({ endIndex }) => {
          shownEnd.current = endIndex;
        }}
        increaseViewportBy={{ top: 800, bottom: 300 }}
        startReached={() => void client.loadOlder(chat.id).catch(console.info)}
        endReached={() => void client.loadNewer(chat.id).catch(console.info)}
      />
      {(atBottom === false || isElsewhere) && <JumpButton unread={chat.unread} onClick={toNewest} />}
      {jump.failed && (
        <p role="alert" className="bg-danger-soft text-danger absolute inset-x-4 top-3 rounded-xl px-4 py-2 text-sm">
          The message couldn’t be loaded.
        </p>
      )}
    </div>
  );
}

/** By how much a seq has risen with this change of the list. */
function useAdded(seq: number): number {
  const before = useRef(seq);
  useEffect(() => {
    before.current = seq;
  }, [seq]);
  return seq - before.current;
}

/** A bubble, and what makes it taller while it stays the same message: not that it is acknowledged, while the list may still be on its way to it. */
function useLast(bubble: Bubble | undefined): Last {
  const { key, outgoing, message } = bubble ?? {};
  const view = useClientState((state) => (outgoing ? state.uploads[outgoing.clientMessageId] : undefined));
  const isRefused = useClientState(({ changes }) =>
    (message ? (changes[message.id] ?? []) : []).some(({ status }) => status === 'failed'),
  );
  const isInTrouble = view?.phase === 'waiting' && view.trouble !== undefined;
  return {
    key,
    looks: `${outgoing?.status === 'failed' || isRefused} ${isInTrouble} ${message?.reactions.length ?? 0}`,
  };
}

const COMPONENTS = { Header: HistoryEdge, Footer: () => <div className="h-1" /> };
