import { createStore } from 'zustand/vanilla';

/** A message that somebody wants to see, wherever they asked for it: `nonce` makes asking twice two wishes. */
export type JumpTarget = { chatId: string; seq: number; nonce: number };

export const jumpTarget = createStore<{ target: JumpTarget | null }>(() => ({ target: null }));

export const requestJump = (chatId: string, seq: number): void =>
  jumpTarget.setState(({ target }) => ({ target: { chatId, seq, nonce: (target?.nonce ?? 0) + 1 } }));
