import type { MarksById, Message } from '@parley/contracts';
import { mergeWatermarks, NO_WATERMARKS, type ChatId } from '@parley/domain';
import type { Attempt, Violation } from './history.ts';

/** What the clients of one run were told, chat by chat. */
export type ChatRecord = { attempts: Attempt[]; acknowledged: Message[]; marks: MarksById };

export type Recorder = {
  of(chatId: ChatId): ChatRecord;
  attempted(attempt: Attempt): void;
  acknowledged(message: Message): void;
  /** An edit was done, of a text that its author saw: no other may be done of the same. */
  edited(message: Message, edit: { text: string; replaces: string | null }): void;
  answeredMarks(chatId: ChatId, marks: MarksById): void;
  /** What is wrong already while it happens. The same one is kept once. */
  violated(violation: Violation): void;
  violations(): readonly Violation[];
  refused(code: string): void;
  /** How often each code was answered. */
  refusals(): ReadonlyMap<string, number>;
  /** Messages that were acknowledged, each once. */
  sends(): number;
  counts: Record<'edits' | 'deletes' | 'reactions' | 'receipts' | 'retries' | 'syncs' | 'connects', number>;
};

/** @param onViolation hears of each once, when it happens */
export function createRecorder(onViolation: (violation: Violation) => void = () => undefined): Recorder {
  const chats = new Map<ChatId, ChatRecord>();
  const sent = new Set<string>();
  const violations = new Map<string, Violation>();
  const refusals = new Map<string, number>();
  const edits = new Map<string, string>();
  const violated = (violation: Violation): void => {
    const key = JSON.stringify(violation);
    if (violations.has(key)) return;
    violations.set(key, violation);
    onViolation(violation);
  };
  const of = (chatId: ChatId): ChatRecord => {
    const known = chats.get(chatId);
    if (known) return known;
    const fresh: ChatRecord = { attempts: [], acknowledged: [], marks: {} };
    chats.set(chatId, fresh);
    return fresh;
  };
  return {
    of,
    attempted: (attempt) => void of(attempt.chatId).attempts.push(attempt),
    acknowledged: (message) => {
      of(message.chatId).acknowledged.push(message);
      sent.add(message.id);
    },
    edited: ({ id, chatId }, { text, replaces }) => {
      const key = JSON.stringify([id, replaces]);
      const other = edits.get(key) ?? text;
      edits.set(key, other);
      if (other === text) return;
      const evidence = `${id}: both ${JSON.stringify(other)} and ${JSON.stringify(text)} replaced ${JSON.stringify(replaces)}`;
      violated({ rule: 'no edit is overwritten unseen', chatId, evidence });
    },
    answeredMarks: (chatId, marks) => {
      const record = of(chatId);
      for (const [userId, reported] of Object.entries(marks)) {
        record.marks[userId] = mergeWatermarks(record.marks[userId] ?? NO_WATERMARKS, reported);
      }
    },
    violated,
    refused: (code) => void refusals.set(code, (refusals.get(code) ?? 0) + 1),
    refusals: () => refusals,
    violations: () => [...violations.values()],
    sends: () => sent.size,
    counts: { edits: 0, deletes: 0, reactions: 0, receipts: 0, retries: 0, syncs: 0, connects: 0 },
  };
}
