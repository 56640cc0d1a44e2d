import type { ErrorCode } from '@parley/contracts';
import { messageWords, type UserId } from '@parley/domain';
import type { MessageDocument } from '../../database.ts';
import { addReaction, removeReaction } from './reactions.ts';

export type Change =
  /** Where `replaces` is given: only if that is still the text, null being none. */
  | { kind: 'edit'; text: string; replaces?: string | null | undefined }
  | { kind: 'delete' }
  | { kind: 'react'; emoji: string }
  | { kind: 'unreact'; emoji: string };

type Content = Pick<MessageDocument, 'text' | 'words' | 'image' | 'reactions' | 'editedAt' | 'deletedAt'>;

export type ChangeDecision =
  | { kind: 'unchanged' }
  | {
      kind: 'refused';
      code: Extract<ErrorCode, 'not_sender' | 'message_deleted' | 'edit_conflict' | 'too_many_reactions'>;
    }
  | { kind: 'write'; set: Content; unset: (keyof Content)[] };

const refused = (code: Extract<ChangeDecision, { kind: 'refused' }>['code']): ChangeDecision => ({
  kind: 'refused',
  code,
});

/**
 * Decides what a member's change makes of a message as it is now. Asking again for what is so already changes nothing: a retry
 * gets the message and nobody is told twice.
 */
export function decideChange(
  message: Pick<MessageDocument, 'senderId' | 'text' | 'reactions' | 'deletedAt'>,
  callerId: UserId,
  change: Change,
  now: Date,
): ChangeDecision {
  const isOwn = message.senderId === callerId;
  const isDeleted = message.deletedAt !== undefined;
  const { reactions = [] } = message;
  switch (change.kind) {
    case 'edit':
      if (!isOwn) return refused('not_sender');
      if (isDeleted) return refused('message_deleted');
      if (change.text === message.text) return { kind: 'unchanged' };
      if (change.replaces !== undefined && change.replaces !== (message.text ?? null)) return refused('edit_conflict');
      return { kind: 'write', set: { text: change.text, words: messageWords(change.text), editedAt: now }, unset: [] };
    case 'delete':
      if (!isOwn) return refused('not_sender');
      if (isDeleted) return { kind: 'unchanged' };
      return { kind: 'write', set: { deletedAt: now }, unset: ['text', 'words', 'image', 'reactions'] };
    case 'react': {
      if (isDeleted) return refused('message_deleted');
      const more = addReaction(reactions, change.emoji, callerId);
      if (more === null) return refused('too_many_reactions');
      return more === reactions ? { kind: 'unchanged' } : { kind: 'write', set: { reactions: more }, unset: [] };
    }
    case 'unreact': {
      if (isDeleted) return refused('message_deleted');
      const fewer = removeReaction(reactions, change.emoji, callerId);
      return fewer === reactions ? { kind: 'unchanged' } : { kind: 'write', set: { reactions: fewer }, unset: [] };
    }
  }
}
