import type { UserId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { decideChange, type Change } from './decide-change.ts';

const [ada, bob] = ['ada', 'bob'] as [UserId, UserId];
const now = new Date('2026-01-02T03:04:05.678Z');
const message = { senderId: ada, text: 'hi' };
const deleted = { senderId: ada, deletedAt: now };
const thumb = { emoji: '👍', userIds: [ada] };

describe('decideChange', () => {
  it('edits the text and the words it is found by', () => {
    expect(decideChange(message, ada, { kind: 'edit', text: 'Hello again' }, now)).toEqual({
      kind: 'write',
      set: { text: 'Hello again', words: ['hello', 'again'], editedAt: now },
      unset: [],
    });
  });

  it('edits only what the new text was made from, where that is said', () => {
    const based = (replaces: string | null): Change => ({ kind: 'edit', text: 'hello', replaces });
    const captionless = { senderId: ada };
    expect(decideChange(message, ada, based('hi'), now)).toMatchObject({ kind: 'write', set: { text: 'hello' } });
    expect(decideChange(captionless, ada, based(null), now)).toMatchObject({ kind: 'write', set: { text: 'hello' } });
    for (const [before, change] of [
      [message, based('hey')],
      [message, based(null)],
      [captionless, based('hi')],
    ] as const)
      expect(decideChange(before, ada, change, now)).toEqual({ kind: 'refused', code: 'edit_conflict' });
    // The retry of an edit whose answer was lost.
    expect(decideChange({ ...message, text: 'hello' }, ada, based('hi'), now)).toEqual({ kind: 'unchanged' });
  });

  it('leaves nothing of what is deleted', () => {
    expect(decideChange(message, ada, { kind: 'delete' }, now)).toEqual({
      kind: 'write',
      set: { deletedAt: now },
      unset: ['text', 'words', 'image', 'reactions'],
    });
  });

  it.each<[string, Parameters<typeof decideChange>[0], Change]>([
    ['an edit to the same text', message, { kind: 'edit', text: 'hi' }],
    ['a second deletion', deleted, { kind: 'delete' }],
    ['a reaction that is there', { ...message, reactions: [thumb] }, { kind: 'react', emoji: '👍' }],
    ['taking back a reaction that is not there', message, { kind: 'unreact', emoji: '👍' }],
  ])('changes nothing for %s', (_what, before, change) => {
    expect(decideChange(before, ada, change, now)).toEqual({ kind: 'unchanged' });
  });

  it('lets only the sender edit and delete, also what is deleted', () => {
    for (const before of [message, deleted]) {
      for (const change of [{ kind: 'edit', text: 'x' }, { kind: 'delete' }] as const)
        expect(decideChange(before, bob, change, now)).toEqual({ kind: 'refused', code: 'not_sender' });
    }
  });

  it('refuses to edit and to react to what is deleted', () => {
    const changes: Change[] = [
      { kind: 'edit', text: 'x' },
      { kind: 'react', emoji: '👍' },
      { kind: 'unreact', emoji: '👍' },
    ];
    for (const change of changes)
      expect(decideChange(deleted, ada, change, now)).toEqual({ kind: 'refused', code: 'message_deleted' });
  });

  it('keeps reactions in the order of their first use, and people in theirs', () => {
    const reactions = [{ emoji: '🎉', userIds: [ada] }, thumb];
    expect(decideChange({ ...message, reactions }, bob, { kind: 'react', emoji: '🎉' }, now)).toMatchObject({
      set: { reactions: [{ emoji: '🎉', userIds: [ada, bob] }, thumb] },
    });
    expect(decideChange({ ...message, reactions }, bob, { kind: 'react', emoji: '❤️' }, now)).toMatchObject({
      set: { reactions: [...reactions, { emoji: '❤️', userIds: [bob] }] },
    });
    expect(decideChange({ ...message, reactions }, ada, { kind: 'unreact', emoji: '🎉' }, now)).toMatchObject({
      set: { reactions: [thumb] },
    });
    expect(decideChange({ ...message, reactions }, bob, { kind: 'unreact', emoji: '🎉' }, now)).toEqual({
      kind: 'unchanged',
    });
  });

  it('lets each member leave ten', () => {
    const reactions = [...'😀😁😂😃😄😅😆😇😈😉'].map((emoji) => ({ emoji, userIds: [ada] }));
    const tooMany = { kind: 'react', emoji: '👍' } as const;
    expect(decideChange({ ...message, reactions }, ada, tooMany, now)).toEqual({
      kind: 'refused',
      code: 'too_many_reactions',
    });
    expect(decideChange({ ...message, reactions: reactions.slice(1) }, ada, tooMany, now).kind).toBe('write');
    expect(decideChange({ ...message, reactions }, bob, tooMany, now).kind).toBe('write');
    expect(decideChange({ ...message, reactions }, ada, { kind: 'react', emoji: '😀' }, now).kind).toBe('unchanged');
  });
});
