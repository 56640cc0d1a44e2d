import type { MarksById, Message } from '@parley/contracts';
import { mergeWatermarks, NO_WATERMARKS, type ChatId } from '@parley/domain';
import type { Attempt, Violation } from './history.ts';

/** What the clients of one run were told, chat by chat. */
export type ChatRecord = { attempts: Attempt[]; acknowledged: Message[]; marks: MarksById };

export type Recorder = {
  of(chatId: ChatId): ChatRecord;
  attempted(attempt: Attempt): void;
  acknowledged(message: Message): void;
  answeredMarks(chatId: ChatId, marks: MarksById): void;
  /** What is wrong already while it happens. The same one is kept once. */
  violated(violation: Violation): void;
  violations(): readonly Violation[];
  /** Messages that were acknowledged, each once. */
  sends(): number;
  counts: Record<'edits' | 'deletes' | 'reactions' | 'receipts' | 'retries' | 'syncs' | 'connects', number>;
};

export function createRecorder(): Recorder {
  const chats = new Map<ChatId, ChatRecord>();
  const sent = new Set<string>();
  const violations = new Map<string, Violation>();
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
    answeredMarks: (chatId, marks) => {
      const record = of(chatId);
      for (const [userId, reported] of Object.entries(marks)) {
        record.marks[userId] = mergeWatermarks(record.marks[userId] ?? NO_WATERMARKS, reported);
      }
    },
    violated: (violation) => {
      const key = JSON.stringify(violation);
      if (!violations.has(key)) violations.set(key, violation);
    },
    violations: () => [...violations.values()],
    sends: () => sent.size,
    counts: { edits: 0, deletes: 0, reactions: 0, receipts: 0, retries: 0, syncs: 0, connects: 0 },
  };
}
