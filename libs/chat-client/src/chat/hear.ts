import type { ChatId } from '@parley/domain';
import type { Proof } from '../ledger/proofs.ts';
import type { Sha256 } from '../ledger/sha256.ts';
import { newChat, type ChatState } from './chat-state.ts';
import type { ClientState } from './client-state.ts';
import { step, type ChatEffect, type ChatHeard } from './step.ts';

/** Something heard of a chat. */
export type Heard = { chatId: string; heard: ChatHeard };
export type HearContext = {
  sha256: Sha256;
  /** What this device had verified before this session. */
  proofOf?(chatId: ChatId): Proof | undefined;
};
/** Something to be done about a chat. */
export type ChatDuty = { chat: ChatState; effect: ChatEffect };

/**
 * All chats after everything in `heard`, in one change however much it is, and what is to be done then. What concerns a chat that isn't known is left out:
 * only a line of the list makes a chat.
 */
export function hearAll(
  state: Pick<ClientState, 'chats' | 'me'>,
  heard: readonly Heard[],
  { sha256, proofOf }: HearContext,
): { chats: ClientState['chats']; duties: readonly ChatDuty[] } {
  const changed: Record<string, ChatState> = {};
  const duties: ChatDuty[] = [];
  for (const { chatId, heard: one } of heard) {
    const held = changed[chatId] ?? state.chats[chatId] ?? (one.type === 'listed' ? newChat(one.chat) : undefined);
    if (held === undefined) continue;
    const { chat, effects } = step(held, one, { me: state.me, sha256, proof: proofOf?.(held.id) });
    changed[chatId] = chat;
    duties.push(...effects.map((effect) => ({ chat, effect })));
  }
  return { chats: { ...state.chats, ...changed }, duties };
}
