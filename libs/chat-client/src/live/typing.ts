import { TYPING_TTL_MS, type ChatId } from '@parley/domain';
import type { Clock } from '../ports.ts';

/** Signs of the other side typing: each goes out by itself when it isn't renewed. */
export type TypingSigns = { show(chatId: ChatId, typing: boolean): void; clear(): void };

export function createTypingSigns(set: (chatId: ChatId, typing: boolean) => void, clock: Clock): TypingSigns {
  const timers = new Map<ChatId, () => void>();
  const show = (chatId: ChatId, typing: boolean) => {
    timers.get(chatId)?.();
    timers.delete(chatId);
    if (typing)
      timers.set(
        chatId,
        clock.schedule(() => show(chatId, false), TYPING_TTL_MS),
      );
    set(chatId, typing);
  };
  return {
    show,
    clear: () => {
      for (const chatId of [...timers.keys()]) show(chatId, false);
    },
  };
}

/** Tells the other side that this person types: once at the start, renewed in time, and withdrawn when they stop. */
export type TypingReporter = { typed(chatId: ChatId): void; stopped(chatId: ChatId): void };

const IDLE_MS = 4_000;

export function createTypingReporter(send: (chatId: ChatId, typing: boolean) => void, clock: Clock): TypingReporter {
  const active = new Map<ChatId, { reportedAt: number; idle: () => void }>();
  const stopped = (chatId: ChatId) => {
    const held = active.get(chatId);
    if (held === undefined) return;
    held.idle();
    active.delete(chatId);
    send(chatId, false);
  };
  return {
    typed: (chatId) => {
      const held = active.get(chatId);
      held?.idle();
      const isDue = held === undefined || clock.now() - held.reportedAt >= TYPING_TTL_MS / 2;
      if (isDue) send(chatId, true);
      active.set(chatId, {
        reportedAt: isDue ? clock.now() : held.reportedAt,
        idle: clock.schedule(() => stopped(chatId), IDLE_MS),
      });
    },
    stopped,
  };
}
