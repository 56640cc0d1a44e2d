import type { MemberPair, UserId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { decideReceipts } from './decide-receipts.ts';

const [ada, bob] = ['ada', 'bob'] as [UserId, UserId];
const members: MemberPair = [ada, bob];
const of = (delivered: number, seen: number) => ({ delivered, seen });
const base = { reader: bob, members, isPrivate: false };

describe('decideReceipts', () => {
  it('tells both of a watermark that rose, and nobody of one that did not', () => {
    expect(decideReceipts({ ...base, kind: 'seen', before: of(1, 1), marks: of(3, 3) })).toEqual([
      { kind: 'seen', marks: of(3, 3) },
    ]);
    expect(decideReceipts({ ...base, kind: 'delivered', before: of(1, 1), marks: of(3, 1) })).toEqual([
      { kind: 'delivered', marks: of(3, 1) },
    ]);
    for (const kind of ['seen', 'delivered'] as const)
      expect(decideReceipts({ ...base, kind, before: of(3, 3), marks: of(3, 3) })).toEqual([]);
  });

  it('tells the other member of what was seen in private only that it arrived', () => {
    const hidden = { ...base, isPrivate: true, kind: 'seen' } as const;
    expect(decideReceipts({ ...hidden, before: of(1, 1), marks: of(3, 3) })).toEqual([
      { kind: 'seen', marks: of(3, 3), audience: [bob] },
      { kind: 'delivered', marks: of(3, 0), audience: [ada] },
    ]);
    expect(decideReceipts({ ...hidden, before: of(3, 1), marks: of(3, 3) })).toEqual([
      { kind: 'seen', marks: of(3, 3), audience: [bob] },
    ]);
    expect(decideReceipts({ ...hidden, kind: 'delivered', before: of(3, 2), marks: of(4, 2) })).toEqual([
      { kind: 'delivered', marks: of(4, 0) },
    ]);
  });
});
