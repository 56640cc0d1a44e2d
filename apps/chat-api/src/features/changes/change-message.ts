import { otherMember, type MessageId, type UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE, isDuplicateKey } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import type { Database, MessageDocument, StoredMessage } from '../../database.ts';
import type { Blocks } from '../blocks/blocks.ts';
import type { Members } from '../chats/members.ts';
import type { Heads } from '../messages/heads.ts';
import type { Lanes } from '../messages/lanes.ts';
import type { DiscardImage } from '../uploads/discard-image.ts';
import { decideChange, type Change, type ChangeDecision } from './decide-change.ts';

/** Losing this often in a row to other instances means that something else is wrong. */
const TRIES = 50;
/** How many of its former revs a message keeps taken. */
const REVS_KEPT = 1_000;

const DETAILS = {
  not_sender: 'Only who sent a message may change it.',
  message_deleted: 'This message was deleted.',
  edit_conflict: 'This message has another text by now.',
  too_many_reactions: 'You have left as many reactions on this message as one may.',
} as const;

/** The message as it is after the change. */
export type ChangeMessage = (callerId: UserId, messageId: MessageId, change: Change) => Promise<StoredMessage>;

export type ChangeMessageDependencies = {
  messages: Database['messages'];
  members: Members;
  blocks: Blocks;
  heads: Heads;
  lanes: Lanes;
  spend(userId: UserId): void;
  /** A picture that its message is about to lose. */
  discardImage: DiscardImage;
  /** The change is durable: tell others. */
  onChanged(document: MessageDocument): void;
  clock: Clock;
};

/**
 * Edits, deletes or reacts to a message. The update matches the rev it read and takes the one after the chat's head, so two
 * changes at once, wherever they are made, come one after the other and none is lost. When it resolves, the change is on disk.
 *
 * @throws HttpProblem message_not_found, also where the message isn't the caller's to see; not_sender, blocked, message_deleted,
 *   edit_conflict, too_many_reactions, rate_limited
 */
export function createChangeMessage(d: ChangeMessageDependencies): ChangeMessage {
  const write = async (
    message: MessageDocument,
    decision: Extract<ChangeDecision, { kind: 'write' }>,
  ): Promise<MessageDocument | null> => {
    const head = await d.heads.read(message.chatId);
    const rev = head.rev + 1;
    // Of a message that wasn't told yet it is still to be told that it was sent.
    const isTold = message.outbox === undefined || message.outbox.event === 'updated';
    const outbox = { at: d.clock(), ...(isTold ? { event: 'updated' as const } : {}) };
    try {
      return await d.messages.findOneAndUpdate(
        { _id: message._id, rev: message.rev },
        {
          $set: { ...decision.set, rev, outbox },
          $push: { revs: { $each: [rev], $slice: -REVS_KEPT } },
          ...(decision.unset.length > 0 ? { $unset: Object.fromEntries(decision.unset.map((key) => [key, ''])) } : {}),
        },
        { returnDocument: 'after', writeConcern: DURABLE },
      );
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    } finally {
      d.heads.forget(message.chatId);
    }
  };

  /** A plain read may see what the journal has not; a durable write that changes nothing waits for it. */
  const confirm = ({ _id, rev }: MessageDocument): Promise<MessageDocument | null> =>
    d.messages.findOneAndUpdate({ _id, rev }, { $set: { rev } }, { writeConcern: DURABLE });

  const apply = async (callerId: UserId, messageId: MessageId, change: Change): Promise<StoredMessage> => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const message = await d.messages.findOne({ _id: messageId });
      if (!message) throw messageNotFound();
      const decision = decideChange(message, callerId, change, d.clock());
      if (decision.kind === 'refused') throw new HttpProblem(decision.code, DETAILS[decision.code]);
      if (change.kind === 'delete' && message.image) await d.discardImage(message.image.uploadId);
      const document = decision.kind === 'write' ? await write(message, decision) : await confirm(message);
      if (!document) continue;
      if (decision.kind === 'write') d.onChanged(document);
      return document;
    }
    throw new HttpProblem('unavailable', 'This chat is too busy.', { retryAfterSeconds: 1 });
  };

  return async (callerId, messageId, change) => {
    d.spend(callerId);
    const found = await d.messages.findOne({ _id: messageId }, { projection: { _id: 0, chatId: 1, senderId: 1 } });
    if (!found) throw messageNotFound();
    const members = await d.members.of(found.chatId);
    if (otherMember(members, callerId) === undefined) throw messageNotFound();
    if (isSaying(change) && (await d.blocks.between(members))) {
      // Whose message it is comes first: it is so with a block and without.
      if (change.kind === 'edit' && found.senderId !== callerId)
        throw new HttpProblem('not_sender', DETAILS.not_sender);
      throw new HttpProblem('blocked', 'One of you has blocked the other.');
    }
    return d.lanes.run(found.chatId, () => apply(callerId, messageId, change));
  };
}

/** A block stops what says something; what is one's own may be taken back in spite of it. */
const isSaying = ({ kind }: Change): boolean => kind === 'edit' || kind === 'react';

/** The one answer for a message that doesn't exist and one in a chat that isn't the caller's. */
function messageNotFound(): HttpProblem {
  return new HttpProblem('message_not_found', 'There is no such message.');
}
