import { TYPING_TTL_MS, type ChatId } from '@parley/domain';

/** Signs of the other side typing: each goes out by itself when it isn't renewed. */
export type TypingSigns = { show(chatId: ChatId, typing: boolean): void; clear(): void };

export function createTypingSigns(set: (chatId: ChatId, typing: boolean) => void): TypingSigns {
  const timers = new Map<ChatId, ReturnType<typeof setTimeout>>();
  const show = (chatId: ChatId, typing: boolean) => {
    clearTimeout(timers.get(chatId));
    timers.delete(chatId);
    if (typing)
      timers.set(
        chatId,
        setTimeout(() => show(chatId, false), TYPING_TTL_MS),
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

export function createTypingReporter(
  send: (chatId: ChatId, typing: boolean) => void,
  now: () => number = Date.now,
): TypingReporter {
  const active = new Map<ChatId, { reportedAt: number; idle: ReturnType<typeof setTimeout> }>();
  const stopped = (chatId: ChatId) => {
    const held = active.get(chatId);
    if (held === undefined) return;
    clearTimeout(held.idle);
    active.delete(chatId);
    send(chatId, false);
  };
  return {
    typed: (chatId) => {
      const held = active.get(chatId);
      clearTimeout(held?.idle);
      const isDue = held === undefined || now() - held.reportedAt >= TYPING_TTL_MS / 2;
      if (isDue) send(chatId, true);
      active.set(chatId, {
        reportedAt: isDue ? now() : held.reportedAt,
        idle: setTimeout(() => stopped(chatId), IDLE_MS),
      });
    },
    stopped,
  };
}
