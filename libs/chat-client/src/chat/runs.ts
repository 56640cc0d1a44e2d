import type { Message } from '@parley/contracts';

/** Messages of one chat without a hole: ascending by seq, each one more than the one before. */
export type Run = readonly Message[];

export const firstOf = (run: Run): number => run[0]?.seq ?? 0;
export const lastOf = (run: Run): number => run.at(-1)?.seq ?? 0;

/** The message at `seq`, where the run has it. */
export const messageAt = (run: Run, seq: number): Message | undefined => run[seq - firstOf(run)];

/** `run` with those of `messages` that it has in an older revision; the same run where there are none. */
export function withNewer(run: Run, messages: readonly Message[]): Run {
  const newer = messages.filter((message) => {
    const held = messageAt(run, message.seq);
    return held !== undefined && held.rev < message.rev;
  });
  if (newer.length === 0) return run;
  const changed = [...run];
  const first = firstOf(run);
  for (const message of newer) {
    const held = changed[message.seq - first];
    if (held !== undefined && held.rev < message.rev) changed[message.seq - first] = message;
  }
  return changed;
}

/** One message per seq, in the newest revision, ascending. */
export function merged(a: readonly Message[], b: readonly Message[]): readonly Message[] {
  if (b.length === 0) return a;
  const bySeq = new Map(a.map((message) => [message.seq, message]));
  for (const message of b) {
    const held = bySeq.get(message.seq);
    if (held === undefined || held.rev < message.rev) bySeq.set(message.seq, message);
  }
  return [...bySeq.values()].sort((x, y) => x.seq - y.seq);
}

/** How many of `messages`, ascending, follow on `seq` without a hole. */
export function countFollowing(messages: readonly Message[], seq: number): number {
  let count = 0;
  while (messages[count]?.seq === seq + count + 1) count += 1;
  return count;
}

/** Two runs as one, where they overlap or touch; undefined where a hole is between them. */
export function joined(a: Run, b: Run): Run | undefined {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  if (firstOf(b) > lastOf(a) + 1 || firstOf(a) > lastOf(b) + 1) return undefined;
  return merged(a, b);
}
