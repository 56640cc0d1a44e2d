import type { UserId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { createSpendAllowance } from './spend-allowance.ts';

const ada = 'ada' as UserId;
const bob = 'bob' as UserId;

describe('spendAllowance', () => {
  it('lets a burst of ten seconds through, then the rate, each person on their own', () => {
    let time = 0;
    const spend = createSpendAllowance({ perSecond: 5, now: () => time });
    for (let n = 0; n < 50; n += 1) spend(ada);
    expect(() => spend(ada)).toThrow(expect.objectContaining({ code: 'rate_limited', retryAfterSeconds: 1 }));
    expect(() => spend(bob)).not.toThrow();

    time += 1_000;
    for (let n = 0; n < 5; n += 1) spend(ada);
    expect(() => spend(ada)).toThrow(expect.objectContaining({ code: 'rate_limited' }));

    time += 3_600_000;
    for (let n = 0; n < 50; n += 1) spend(ada);
    expect(() => spend(ada)).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  });

  it('limits nothing at 0', () => {
    const spend = createSpendAllowance({ perSecond: 0 });
    for (let n = 0; n < 1_000; n += 1) spend(ada);
  });
});
