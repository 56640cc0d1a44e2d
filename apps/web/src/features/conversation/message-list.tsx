'use client';
import { Hand } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Virtuoso, type VirtuosoHandle } from 'react-virtuoso';
import { type ChatState, firstSeqOf, marksOf, type Outgoing, partnerOf } from '@parley/chat-client';
import { EmptyState } from '../../ui/empty-state.tsx';
import { useNow } from '../../ui/use-now.ts';
import { useChatClient, useClientState } from '../chats/chat-client-provider.tsx';
import { usePartner } from '../chats/use-partner.ts';
import { toBubbles, type Bubble } from './bubbles.ts';
import { HistoryEdge } from './history-edge.tsx';
import { JumpButton } from './jump-button.tsx';
import { MessageBubble } from './message-bubble.tsx';
import { useKeptBottom } from './use-kept-bottom.ts';
import { useNewFrom } from './use-new-from.ts';
import { useSeen } from './use-seen.ts';

const NONE: readonly Outgoing[] = [];
const NEAR_BOTTOM_PX = 96;

/** The messages: older ones come in above without a jump, the end stays in view while it is in view. */
export function MessageList({ chat }: { chat: ChatState }) {
  const client = useChatClient();
  const now = useNow();
  const list = useRef<VirtuosoHandle>(null);
  // Not known until the list has measured itself.
  const [atBottom, setAtBottom] = useState<boolean | null>(null);
  const me = useClientState((state) => state.me);
  const outgoing = useClientState((state) => state.outgoing[chat.id] ?? NONE);
  const partner = usePartner(partnerOf(chat, me));
  const newFrom = useNewFrom(chat, me);
  const other = marksOf(chat, partnerOf(chat, me));
  const bubbles = useMemo(
    () => toBubbles({ timeline: chat.timeline, outgoing, me, other, newFrom }),
    [chat.timeline, outgoing, me, other, newFrom],
  );
  useSeen(chat, atBottom === true);
  const frame = useKeptBottom(list, atBottom === true);

  const lastKey = bubbles.at(-1)?.outgoing?.clientMessageId;
  useEffect(() => {
    // What one writes oneself is always brought into view.
    if (lastKey !== undefined) list.current?.scrollToIndex({ index: 'LAST', align: 'end' });
  }, [lastKey]);

  if (bubbles.length === 0) {
    return (
      <EmptyState icon={<Hand size={28} aria-hidden />} title="Say hello">
        <p>This is the very beginning of your conversation with {partner.name}.</p>
      </EmptyState>
    );
  }
  return (
    <div ref={frame} className="relative min-h-0 flex-1">
      <Virtuoso<Bubble>
        ref={list}
        className="h-full overscroll-contain"
        data={bubbles}
        // The index of a message is its seq: pages that come in above leave every other message where it is.
        firstItemIndex={Math.max(1, firstSeqOf(chat.timeline))}
        initialTopMostItemIndex={startAt(bubbles)}
        computeItemKey={(_, bubble) => bubble.key}
        itemContent={(_, bubble) => <MessageBubble bubble={bubble} author={partner.name} now={now} />}
        components={COMPONENTS}
        context={{ chat }}
        alignToBottom
        atBottomThreshold={NEAR_BOTTOM_PX}
        atBottomStateChange={setAtBottom}
        followOutput={(isAtBottom) => (isAtBottom ? 'auto' : false)}
        increaseViewportBy={{ top: 800, bottom: 300 }}
        startReached={() => void client.loadOlder(chat.id).catch(console.info)}
      />
      {atBottom === false && (
        <JumpButton
          unread={chat.unread}
          onClick={() => list.current?.scrollToIndex({ index: 'LAST', align: 'end', behavior: 'smooth' })}
        />
      )}
    </div>
  );
}

const COMPONENTS = { Header: HistoryEdge, Footer: () => <div className="h-1" /> };

/** A conversation opens where the unread begins, else at its end. */
function startAt(bubbles: readonly Bubble[]) {
  const index = bubbles.findIndex((bubble) => bubble.startsNew);
  return index === -1 ? ({ index: 'LAST', align: 'end' } as const) : ({ index, align: 'center' } as const);
}
