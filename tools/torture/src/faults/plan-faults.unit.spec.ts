import { expect, it } from 'vitest';
import { createRandom } from '../random.ts';
import { planFaults } from './plan-faults.ts';

const breakable = {
  groups: [['chat-api', 'chat-api-2'], ['mongodb'], ['rabbitmq']],
  links: ['chat-api>mongodb', 'chat-api>rabbitmq'],
  entries: ['clients>gateway'],
};
const plan = (seed: number, durationMs = 600_000) => planFaults({ random: createRandom(seed), durationMs, breakable });

it('is the same for the same seed and another for another', () => {
  expect(plan(7)).toEqual(plan(7));
  expect(plan(7)).not.toEqual(plan(8));
});

it('meets every kind on every part in ten minutes, more than a hundred times, and mends all before the end', () => {
  const faults = plan(1);
  expect(faults.length).toBeGreaterThan(100);
  const kinds = new Set(faults.map(({ kind, targets }) => `${kind} ${targets.join('+')}`));
  // Four programs, three kinds, and both instances at once; two links, two kinds; one entry, three kinds.
  expect(kinds.size).toBe(3 * (4 + 1) + 2 * 2 + 3);
  for (const { atMs, holdMs } of faults) expect(atMs + holdMs).toBeLessThanOrEqual(600_000);
});

it('never breaks what is still broken, nor more than three things at once', () => {
  for (let seed = 0; seed < 20; seed += 1) {
    const faults = plan(seed);
    for (const fault of faults) {
      const others = faults.filter((other) => other !== fault && other.atMs <= fault.atMs);
      const atOnce = others.filter((other) => other.atMs + other.holdMs > fault.atMs);
      expect(atOnce.length).toBeLessThan(3);
      expect(atOnce.flatMap(({ targets }) => targets).filter((name) => fault.targets.includes(name))).toEqual([]);
    }
  }
});
