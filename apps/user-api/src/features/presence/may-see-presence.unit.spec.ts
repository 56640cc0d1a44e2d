import { describe, expect, it } from 'vitest';
import { maySeePresence } from './may-see-presence.ts';

const stranger = { isSelf: false, isBlocked: false, isTheirContact: false };

describe('maySeePresence', () => {
  it.each([
    ['everyone', false, true],
    ['everyone', true, true],
    ['contacts', false, false],
    ['contacts', true, true],
    ['nobody', false, false],
    ['nobody', true, false],
  ] as const)('audience %s, in their contacts %s: %s', (audience, isTheirContact, may) => {
    expect(maySeePresence({ ...stranger, audience, isTheirContact })).toBe(may);
    expect(maySeePresence({ ...stranger, audience, isTheirContact, isBlocked: true })).toBe(false);
    expect(maySeePresence({ ...stranger, audience, isTheirContact, isSelf: true })).toBe(true);
  });
});
