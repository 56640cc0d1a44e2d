import { setTimeout as sleep } from 'node:timers/promises';

export type Readiness = { ok: boolean; checks: Record<string, boolean> };

export type Health = {
  /** Adds what must hold for the service to be ready; a check of the same name is replaced. */
  add(name: string, check: () => boolean | Promise<boolean>): void;
  /** Ready when every check holds. One that throws, or takes over 2 s, doesn't. */
  ready(): Promise<Readiness>;
};

const CHECK_TIMEOUT_MS = 2_000;
const POLL_MS = 25;

/** The readiness of a service: what its engines and its own parts say. A service without checks is ready. */
export function createHealth(): Health {
  const checks = new Map<string, () => boolean | Promise<boolean>>();
  return {
    add: (name, check) => void checks.set(name, check),
    ready: async () => {
      const results = await Promise.all([...checks].map(async ([name, check]) => [name, await holds(check)] as const));
      return { ok: results.every(([, ok]) => ok), checks: Object.fromEntries(results) };
    },
  };
}

async function holds(check: () => boolean | Promise<boolean>): Promise<boolean> {
  const timeout = new AbortController();
  try {
    return await Promise.race([check(), sleep(CHECK_TIMEOUT_MS, false, { signal: timeout.signal })]);
  } catch {
    return false;
  } finally {
    timeout.abort();
  }
}

/**
 * Waits until all checks hold, but no longer than `withinMs` (default 3,000). An instance that listens only then refuses nothing of what
 * a balancer that doesn't ask for readiness sends it while its engines are still connecting; one whose engines are away tells so
 * at its health routes all the same.
 */
export async function untilReady(health: Health, withinMs = 3_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline && !(await health.ready()).ok) await sleep(POLL_MS);
}
