// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { avatarHue, initials } from './avatar-look.ts';

describe('avatar', () => {
  it('has the initials of the first and the last word, whole letters only', () => {
    expect(initials('Ada Lovelace')).toBe('AL');
    expect(initials('  ada  maria   lovelace ')).toBe('AL');
    expect(initials('Ada')).toBe('A');
    expect(initials('👩‍🚀 Élan')).toBe('👩‍🚀É');
    expect(initials('')).toBe('');
  });

  it('keeps its colour, and has others for others', () => {
    expect(avatarHue('a')).toBe(avatarHue('a'));
    expect(new Set(Array.from({ length: 200 }, (_, n) => avatarHue(String(n)))).size).toBeGreaterThan(12);
  });
});
