import { describe, expect, it } from 'vitest';
import { newRefreshToken, readRefreshToken } from './refresh-token.ts';

describe('refresh tokens', () => {
  it('are read back as they were made, and share the family with their successors only', () => {
    const first = newRefreshToken();
    const second = newRefreshToken(first.family);
    const stranger = newRefreshToken();
    expect(readRefreshToken(first.token)).toEqual({
      family: first.family,
      familyHash: first.familyHash,
      secretHash: first.secretHash,
    });
    expect(second.familyHash).toBe(first.familyHash);
    expect(second.secretHash).not.toBe(first.secretHash);
    expect(stranger.familyHash).not.toBe(first.familyHash);
    expect(first.token).toHaveLength(87);
    expect(first.token).not.toContain(first.secretHash);
  });

  it.each([
    [''],
    ['a.b'],
    ['x'.repeat(87)],
    [`${'a'.repeat(43)}.${'b'.repeat(43)}.c`],
    [`${'ä'.repeat(43)}.${'b'.repeat(43)}`],
  ])('are nothing like %s', (token) => {
    expect(readRefreshToken(token)).toBeUndefined();
  });
});
