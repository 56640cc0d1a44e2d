import { describe, expect, it } from 'vitest';
import { memberPair, otherMember, pairKey, type UserId } from './ids.ts';

const ada = 'a' as UserId;
const bob = 'b' as UserId;

describe('memberPair', () => {
  it('has one order, whoever comes first', () => {
    expect(pairKey(memberPair(bob, ada))).toBe('a:b');
    expect(pairKey(memberPair(ada, bob))).toBe('a:b');
  });

  it('refuses a chat with oneself', () => {
    expect(() => memberPair(ada, ada)).toThrow(RangeError);
  });
});

describe('otherMember', () => {
  it('is the other one, and nobody for a stranger', () => {
    expect(otherMember([ada, bob], ada)).toBe(bob);
    expect(otherMember([ada, bob], 'c' as UserId)).toBeUndefined();
  });
});
