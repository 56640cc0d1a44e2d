'use client';
import type { Message } from '@parley/contracts';
import type { MessageChange, Outgoing } from '@parley/chat-client';
import { createContext, useContext } from 'react';

/** What one can do with a message of the conversation that is open. */
export type ConversationActions = {
  reply(message: Message): void;
  edit(message: Message): void;
  /** Asks first. */
  remove(message: Message): void;
  react(message: Message, emoji: string, on: boolean): void;
  copy(message: Message): void;
  /** Everything that can be done, in a menu beside where the message stands. */
  openMenu(message: Message, near: DOMRect): void;
  /** Brings a message into view. */
  jumpTo(seq: number): void;
  /** Puts what was refused back into the composer. */
  takeBack(entry: Outgoing): void;
  /** Puts the new text of an edit that was refused back into the composer. */
  takeBackEdit(message: Message, change: MessageChange): void;
  /** Ends the upload of a picture and takes it out; its caption goes back into the composer. */
  cancelUpload(entry: Outgoing): void;
};

export const ConversationActionsContext = createContext<ConversationActions | null>(null);

/** @throws Error outside of a conversation */
export function useConversationActions(): ConversationActions {
  const actions = useContext(ConversationActionsContext);
  if (actions === null) throw new Error('no conversation here');
  return actions;
}
