import type { ChatId } from '@parley/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planSync } from './plan-sync.ts';

const [a, b, c] = ['a', 'b', 'c'] as [ChatId, ChatId, ChatId];
const max = { perChat: 200, inAll: 1_000 };

describe('planSync', () => {
  it('reads nothing of chats that are as the client has them, or behind it', () => {
    const plan = planSync(
      [
        { id: a, headRev: 7, cursor: 7 },
        { id: b, headRev: 7, cursor: 9 },
        { id: c, headRev: 7, cursor: 5 },
      ],
      max,
    );
    expect(plan.map(({ limit }) => limit)).toEqual([0, 0, 2]);
  });

  it('never plans for more than an answer may hold, and for as much as it may', () => {
    const positions = fc.array(fc.record({ id: fc.constant(a), headRev: fc.nat(2_000), cursor: fc.nat(2_000) }));
    fc.assert(
      fc.property(positions, (chats) => {
        const plan = planSync(chats, max);
        const planned = plan.reduce((sum, { limit }) => sum + limit, 0);
        const wanted = chats.reduce((sum, o) => sum + Math.max(0, Math.min(o.headRev - o.cursor, max.perChat)), 0);
        expect(planned).toBe(Math.min(wanted, max.inAll));
        for (const { limit } of plan) expect(limit).toBeLessThanOrEqual(max.perChat);
      }),
    );
  });
});
