import { type ChatState, type ClientState, marksOf, type Outgoing, partnerOf } from '@parley/chat-client';
import { deliveryState, type UserId } from '@parley/domain';
import { PHOTO, saidText } from './said-text.ts';
import { changedMessage, type Changes } from './changed-run.ts';
import type { TickState } from '../conversation/ticks.tsx';

export type Preview = {
  /** ISO 8601, or milliseconds since the epoch. */
  at: string | number;
  text: string | null;
  /** A picture, whose caption is the text where it has one. */
  isPhoto: boolean;
  /** Of one's own last message only. */
  tick: TickState | null;
};

/** What a chat's line in the list shows of its last message, one's own that is still on its way included. */
export function previewOf(chat: ChatState, outgoing: readonly Outgoing[], me: UserId, changes: Changes = {}): Preview {
  const last = outgoing.at(-1);
  if (last !== undefined) {
    return { at: last.createdAt, text: last.text || PHOTO, isPhoto: last.picture !== undefined, tick: last.status };
  }
  const held = chat.lastMessage;
  const message = held === null ? null : changedMessage(held, changes[held.id], me);
  if (message === null) return { at: chat.createdAt, text: null, isPhoto: false, tick: null };
  const tick = message.senderId === me ? deliveryState(message.seq, marksOf(chat, partnerOf(chat, me))) : null;
  return { at: message.createdAt, text: saidText(message), isPhoto: message.image !== null, tick };
}

/** All chats, the one with the newest message first. */
export function sortedChats({ chats, outgoing, me }: Pick<ClientState, 'chats' | 'outgoing' | 'me'>): ChatState[] {
  const timeOf = (chat: ChatState) => new Date(previewOf(chat, outgoing[chat.id] ?? [], me).at).getTime();
  return Object.values(chats)
    .map((chat) => ({ chat, time: timeOf(chat) }))
    .sort((a, b) => b.time - a.time)
    .map(({ chat }) => chat);
}
