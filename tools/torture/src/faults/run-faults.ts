import { setTimeout as sleep } from 'node:timers/promises';
import type { World } from '../world/world.ts';
import { describeFault, type Fault } from './fault.ts';

export type FaultRun = {
  begun(): number;
  /** What is broken now. */
  current(): string[];
  /** Settles when all faults were made good again; rejects when something could not be started. */
  done: Promise<void>;
};

/**
 * Breaks and mends the world by the plan. What is still coming back on a machine that is slow is left alone until it is there.
 * @param signal begins no more faults; what is broken is mended
 */
export function runFaults(
  world: World,
  faults: readonly Fault[],
  o: { say(text: string): void; signal: AbortSignal },
): FaultRun {
  const startedAt = performance.now();
  const current = new Set<Fault>();
  const busy = new Map<string, Promise<void>>();
  let begun = 0;

  const carryOut = async (fault: Fault, before: readonly (Promise<void> | undefined)[]): Promise<void> => {
    const waitMs = Math.max(0, fault.atMs - (performance.now() - startedAt));
    await sleep(waitMs, undefined, { signal: o.signal }).catch(() => undefined);
    await Promise.all(before);
    if (o.signal.aborted) return;
    begun += 1;
    current.add(fault);
    o.say(describeFault(fault));
    try {
      await Promise.all(fault.targets.map((name) => applyTo(world, fault, name)));
    } finally {
      current.delete(fault);
    }
  };

  const all = faults.map((fault) => {
    const before = fault.targets.map((name) => busy.get(name));
    const carried = carryOut(fault, before);
    for (const name of fault.targets) busy.set(name, carried);
    return carried;
  });

  return {
    begun: () => begun,
    current: () => [...current].map(({ kind, targets }) => `${kind} ${targets.join('+')}`),
    done: Promise.all(all).then(() => undefined),
  };
}

async function applyTo(world: World, { kind, holdMs }: Fault, name: string): Promise<void> {
  const { stack } = world;
  switch (kind) {
    case 'kill':
      await stack.kill(name, 'SIGKILL', { stayDown: true });
      await sleep(holdMs);
      return stack.start(name);
    case 'end':
      await Promise.all([stack.stop(name), sleep(holdMs)]);
      return stack.start(name);
    case 'pause':
      await stack.kill(name, 'SIGSTOP');
      await sleep(holdMs);
      return stack.kill(name, 'SIGCONT');
    case 'cut':
    case 'stall':
      world.link(name)[kind]();
      await sleep(holdMs);
      return world.link(name).restore();
    case 'drop':
    case 'double':
    case 'shuffle':
      world.tamperPushes(name, kind);
      await sleep(holdMs);
      return world.tamperPushes(name, 'pass');
  }
}
