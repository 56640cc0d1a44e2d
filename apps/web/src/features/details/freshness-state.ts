import { cursorOf, isBehind, type ChatState, type ClientState } from '@parley/chat-client';

export type FreshnessState = 'live' | 'catching up' | 'offline';

/** How fresh a conversation is: pushes arrive and nothing is missing; something is being fetched; nothing can be. */
export function freshnessOf(
  chat: ChatState,
  { connection, catchingUp }: Pick<ClientState, 'connection' | 'catchingUp'>,
): FreshnessState {
  if (connection === 'offline' || connection === 'unreachable') return 'offline';
  const isWhole = chat.timeline.loaded && !isBehind(chat.revisions);
  return connection === 'live' && !catchingUp && isWhole ? 'live' : 'catching up';
}

const number = new Intl.NumberFormat('en');

/** The seq of a message, as people read it. */
export const seqText = (seq: number): string => `#${number.format(seq)}`;

/** How far the conversation is complete here. */
export function reachText(chat: ChatState, state: FreshnessState): string {
  const cursor = cursorOf(chat.timeline);
  if (!chat.timeline.loaded) return 'Nothing loaded yet';
  if (state === 'catching up' && chat.timeline.head > cursor) {
    return `At ${seqText(cursor)} of ${seqText(chat.timeline.head)}`;
  }
  return cursor === 0 ? 'Nothing to catch up on' : `Caught up to ${seqText(cursor)}`;
}
