import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRefresh, GRACE_MS, type RefreshState } from './decide-refresh.ts';

const start = new Date('2026-01-01T00:00:00Z');
const after = (ms: number) => new Date(start.getTime() + ms);
const state = (change: Partial<RefreshState> = {}): RefreshState => ({
  current: ['now'],
  previous: ['before'],
  rotatedAt: start,
  expiresAt: after(86_400_000),
  ...change,
});

describe('decideRefresh', () => {
  it('replaces the current token', () => {
    expect(decideRefresh(state(), { presented: 'now', fresh: 'next', now: after(1) })).toEqual({
      kind: 'rotate',
      next: { current: ['next'], previous: ['now'], rotatedAt: after(1) },
    });
  });

  it('gives one that was just replaced a sibling, up to the very end of the grace, which it does not prolong', () => {
    expect(decideRefresh(state(), { presented: 'before', fresh: 'next', now: after(GRACE_MS) })).toEqual({
      kind: 'rotate',
      next: { current: ['now', 'next'], previous: ['before'], rotatedAt: start },
    });
  });

  it('makes every other sibling an old one as soon as one of them is used', () => {
    const two = state({ current: ['owner', 'thief'] });
    const decision = decideRefresh(two, { presented: 'owner', fresh: 'next', now: after(GRACE_MS * 2) });
    expect(decision).toMatchObject({ next: { current: ['next'], previous: ['owner', 'thief'] } });
    if (decision.kind !== 'rotate') throw new Error('it is replaced');
    const afterwards = state(decision.next);
    const late = { presented: 'thief', fresh: 'x', now: after(GRACE_MS * 4) };
    expect(decideRefresh(afterwards, late)).toEqual({ kind: 'revoke' });
  });

  it.each([
    ['an old token after the grace', 'before', GRACE_MS + 1],
    ['a token from before the previous one, at once', 'long before', 1],
  ])('revokes on %s', (_what, presented, ms) => {
    expect(decideRefresh(state(), { presented, fresh: 'next', now: after(ms) })).toEqual({ kind: 'revoke' });
  });

  it('refuses without more ado what was revoked or has run out, whichever token comes', () => {
    for (const ended of [state({ revokedAt: start }), state({ expiresAt: after(5) })]) {
      for (const presented of ['now', 'before', 'other']) {
        expect(decideRefresh(ended, { presented, fresh: 'next', now: after(5) })).toEqual({ kind: 'refuse' });
      }
    }
  });

  it('always finds out that two hold tokens of one family, once both have used theirs', () => {
    // Owner and thief start with the same token and refresh with the one they got last, in any order and at any distance.
    const steps = fc.array(fc.record({ thief: fc.boolean(), waitMs: fc.integer({ min: 0, max: 30_000 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(steps, (moves) => {
        let family = state({ current: ['stolen'], previous: [] });
        const held = { owner: 'stolen', thief: 'stolen' };
        let time = 0;
        let serial = 0;
        const play = (who: 'owner' | 'thief', waitMs: number): 'found out' | 'went on' => {
          time += waitMs;
          const fresh = `t${(serial += 1)}`;
          const decision = decideRefresh(family, { presented: held[who], fresh, now: after(time) });
          if (decision.kind !== 'rotate') return 'found out';
          family = { ...family, ...decision.next };
          held[who] = fresh;
          return 'went on';
        };
        for (const { thief, waitMs } of moves) {
          if (play(thief ? 'thief' : 'owner', waitMs) === 'found out') return;
        }
        // However it went so far: let each of them go on once or twice at the usual distance of some minutes.
        const turns = ['thief', 'owner', 'thief', 'owner'] as const;
        expect(turns.map((who) => play(who, 300_000))).toContain('found out');
      }),
    );
  });
});
