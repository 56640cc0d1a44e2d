import type { Message } from '@parley/contracts';
import type { UserId } from '@parley/domain';
import { describe, expect, it } from 'vitest';
import { CHAT, ME, messageOf } from '../chat/fixtures.fixture.ts';
import { withChanges, type MessageChange, type Wish } from './change.ts';

const OTHER = 'somebody-else' as UserId;
const message: Message = { ...messageOf(1), text: 'one', reactions: [{ emoji: '👍', userIds: [OTHER] }] };
const shown = (wishes: Wish[], of: Message = message) => {
  const changes = wishes.map(
    (wish, n): MessageChange => ({ id: String(n), chatId: CHAT, messageId: message.id, wish, status: 'pending' }),
  );
  return withChanges(of, changes, ME);
};
const reaction = (emoji: string, on: boolean): Wish => ({ kind: 'reaction', emoji, on });

describe('withChanges', () => {
  it('leaves a message without changes as the object it is', () => {
    expect(shown([])).toBe(message);
  });

  it('shows the newest text, as edited', () => {
    const edits: Wish[] = [
      { kind: 'edit', text: 'two' },
      { kind: 'edit', text: 'three' },
    ];
    expect(shown(edits)).toEqual({ ...message, text: 'three', editedAt: message.createdAt });
  });

  it('shows a deletion, after which nothing else counts', () => {
    const deleted = shown([{ kind: 'delete' }, { kind: 'edit', text: 'no' }, reaction('🎉', true)]);
    expect(deleted).toMatchObject({ text: null, image: null, reactions: [], deletedAt: message.createdAt });
  });

  it('adds my reactions to those of others, each once, and takes only mine away', () => {
    expect(shown([reaction('👍', true), reaction('👍', true), reaction('🎉', true)]).reactions).toEqual([
      { emoji: '👍', userIds: [OTHER, ME] },
      { emoji: '🎉', userIds: [ME] },
    ]);
    expect(shown([reaction('👍', false)]).reactions).toEqual(message.reactions);
    const mine = { ...message, reactions: [{ emoji: '🎉', userIds: [ME] }] };
    expect(shown([reaction('🎉', false), reaction('🚀', false)], mine).reactions).toEqual([]);
  });

  it('leaves out what was refused', () => {
    const wish: Wish = { kind: 'edit', text: 'no' };
    const failed: MessageChange = { id: '1', chatId: CHAT, messageId: message.id, wish, status: 'failed' };
    expect(withChanges(message, [failed], ME)).toBe(message);
  });
});
