import type { UserId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { applyPatch } from './apply-patch.ts';
import { newProfile } from './profile-document.ts';

const now = new Date('2026-02-02T00:00:00.000Z');
const profile = newProfile({
  id: '00000000-0000-4000-8000-000000000001' as UserId,
  username: 'ada',
  displayName: 'Ada',
  createdAt: '2026-01-01T00:00:00.000Z',
});

describe('applyPatch', () => {
  it('is nothing when everything is as it was', () => {
    expect(applyPatch(profile, { displayName: 'Ada', bio: '', privacy: { lastSeen: 'everyone' } }, now)).toBeNull();
  });

  it('changes what is named, and what people are found by', () => {
    expect(applyPatch(profile, { displayName: 'Ada Lovelace' }, now)).toEqual({
      ...profile,
      displayName: 'Ada Lovelace',
      searchPrefixes: expect.arrayContaining(['a', 'ada', 'ada love', 'ada lovelace', 'l', 'lovelace']),
      updatedAt: now,
      version: 2,
      outbox: { at: now, privacyChanged: false },
    });
  });

  it('tells of changed privacy until that is published, also when another change comes first', () => {
    const hidden = applyPatch(profile, { privacy: { lastSeen: 'nobody' } }, now);
    expect(hidden?.outbox?.privacyChanged).toBe(true);
    expect(hidden && applyPatch(hidden, { bio: 'x' }, now)?.outbox?.privacyChanged).toBe(true);
  });
});
