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

/** Breaks and mends the world by the plan. */
export function runFaults(world: World, faults: readonly Fault[], say: (text: string) => void): FaultRun {
  const startedAt = performance.now();
  const current = new Set<Fault>();
  let begun = 0;

  const carryOut = async (fault: Fault): Promise<void> => {
    await sleep(Math.max(0, fault.atMs - (performance.now() - startedAt)));
    begun += 1;
    current.add(fault);
    say(describeFault(fault));
    try {
      await Promise.all(fault.targets.map((name) => applyTo(world, fault, name)));
    } finally {
      current.delete(fault);
    }
  };

  return {
    begun: () => begun,
    current: () => [...current].map(({ kind, targets }) => `${kind} ${targets.join('+')}`),
    done: Promise.all(faults.map(carryOut)).then(() => undefined),
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
