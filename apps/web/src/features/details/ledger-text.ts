import type { ChatState, LedgerProblem } from '@parley/chat-client';
import { cursorOf, firstSeqOf } from '@parley/chat-client';
import { seqText } from './freshness-state.ts';

const TEXTS: Record<LedgerProblem['kind'], (at: string) => string> = {
  body: (at) => `Message ${at} doesn’t say what was sent.`,
  hash: (at) => `The seal of message ${at} doesn’t fit it.`,
  link: (at) => `Message ${at} doesn’t follow on the one before it.`,
  changed: (at) => `Message ${at} is another one than it was before.`,
  head: (at) => `The server names another message ${at} than the one it sent.`,
  receipt: (at) => `The other side has seen another message ${at} than the one that is here.`,
  missing: (at) => `Message ${at} is missing.`,
};

/** One thing that is wrong with a chat's ledger, as a person should read it. */
export const problemText = ({ kind, seq }: LedgerProblem): string => TEXTS[kind](seqText(seq));

const number = new Intl.NumberFormat('en');

/** What of a chat has been checked and found whole: `1–4,812, no gaps`. */
export const rangeText = (from: number, to: number): string => `${number.format(from)}–${number.format(to)}, no gaps`;

/** What has been checked so far: everything that is held, as it came. */
export function verifiedSoFar({ timeline }: ChatState): string {
  const to = cursorOf(timeline);
  return to === 0 ? 'nothing to verify yet' : rangeText(firstSeqOf(timeline), to);
}
