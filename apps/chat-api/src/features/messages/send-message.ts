import type { Head } from '@parley/contracts';
import type { ChatId, ClientMessageId, MessageId, UploadId, UserId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { DURABLE } from '@parley/mongo';
import type { Clock } from '@parley/service-kit';
import { STORED, type Database, type MessageDocument, type StoredImage, type StoredMessage } from '../../database.ts';
import type { Blocks } from '../blocks/blocks.ts';
import type { Members } from '../chats/members.ts';
import type { AttachUpload } from '../uploads/attach-upload.ts';
import { composeMessage, hashBody } from './compose-message.ts';
import { decideSend } from './decide-send.ts';
import type { Heads } from './heads.ts';
import { TakenError } from './insert-message.ts';
import type { Lanes } from './lanes.ts';

/** Losing this often in a row to other instances means that something else is wrong. */
const TRIES = 50;

export type SendMessageInput = {
  chatId: ChatId;
  clientMessageId: ClientMessageId;
  text?: string | undefined;
  uploadId?: UploadId | undefined;
  replyToSeq?: number | undefined;
};
/** `isNew` is false when the same send was stored before. */
export type SendMessageResult = { message: StoredMessage; isNew: boolean };
export type SendMessage = (callerId: UserId, input: SendMessageInput) => Promise<SendMessageResult>;

export type SendMessageDependencies = {
  messages: Database['messages'];
  members: Members;
  blocks: Blocks;
  heads: Heads;
  lanes: Lanes;
  insert(document: MessageDocument): Promise<void>;
  /** Spends one message of a person's allowance, or throws `rate_limited`. */
  spend(userId: UserId): void;
  attach: AttachUpload;
  /** The message is durable: tell others. */
  onSent(document: MessageDocument): void;
  newId(): MessageId;
  clock: Clock;
};

/**
 * Sends a message: steps 3 to 5 of docs/flows/send-message.md. When it resolves, the message is on disk at its place in the chat,
 * once for its clientMessageId, however often and from wherever it is asked.
 *
 * In the usual case that is a single insert: membership never changes and is remembered, the end of the chat too, and whether
 * the id was used before is left to the unique index, whose refusal is looked into only when it comes.
 *
 * @throws HttpProblem chat_not_found, blocked, idempotency_conflict, reply_not_found, rate_limited, and those of `attach`; MongoDB's errors as they are:
 *   the outcome is then unknown, and asking again with the same clientMessageId settles it
 */
export function createSendMessage(d: SendMessageDependencies): SendMessage {
  /**
   * The stored message of this send. Found by a durable write that changes nothing, since a plain read may see what another
   * attempt has written but the journal has not, and an acknowledgement promises the journal.
   */
  const findKnown = (senderId: UserId, { chatId, clientMessageId }: SendMessageInput): Promise<StoredMessage | null> =>
    d.messages.findOneAndUpdate(
      { chatId, senderId, clientMessageId },
      { $set: { clientMessageId } },
      { projection: STORED, writeConcern: DURABLE },
    );

  const place = async (
    senderId: UserId,
    input: SendMessageInput,
    picture: { image?: StoredImage; known?: StoredMessage } = {},
  ): Promise<SendMessageResult> => {
    const { chatId } = input;
    const bodyHash = hashBody(input);
    let head: Head | undefined = d.heads.cached(chatId);
    let isFresh = head === undefined;
    let known: StoredMessage | null = picture.known ?? null;

    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      head ??= await d.heads.read(chatId);
      const decision = decideSend(head, { bodyHash, replyToSeq: input.replyToSeq }, known);
      switch (decision.kind) {
        case 'replay':
          d.heads.advance(chatId, head);
          return { message: decision.message, isNew: false };
        case 'conflict':
          throw new HttpProblem('idempotency_conflict', 'This clientMessageId was used for another message.');
        case 'reply_not_found':
          // Another instance may have stored the message replied to.
          if (isFresh) throw replyNotFound();
          break;
        case 'append': {
          const document = composeMessage({
            id: d.newId(),
            chatId,
            senderId,
            clientMessageId: input.clientMessageId,
            content: input,
            image: picture.image,
            bodyHash,
            place: decision,
            createdAt: d.clock(),
          });
          try {
            await d.insert(document);
            d.heads.advance(chatId, { seq: document.seq, rev: document.rev, hash: document.hash });
            d.onSent(document);
            return { message: document, isNew: true };
          } catch (error) {
            d.heads.forget(chatId);
            if (!(error instanceof TakenError)) throw error;
            known = await findKnown(senderId, input);
          }
        }
      }
      head = undefined;
      isFresh = true;
    }
    throw new HttpProblem('unavailable', 'This chat is too busy.', { retryAfterSeconds: 1 });
  };

  /** A picture is claimed only by a send that nothing but chance can keep from being stored. */
  const placePicture = async (senderId: UserId, input: SendMessageInput, uploadId: UploadId) => {
    const { chatId, clientMessageId, replyToSeq } = input;
    const known = await findKnown(senderId, input);
    if (known) return place(senderId, input, { known });
    if (replyToSeq !== undefined && replyToSeq > (await d.heads.read(chatId)).seq) throw replyNotFound();
    return d.attach(senderId, uploadId, { chatId, clientMessageId }, (image) => place(senderId, input, { image }));
  };

  return async (callerId, input) => {
    d.spend(callerId);
    const members = await d.members.require(input.chatId, callerId);
    if (await d.blocks.between(members)) throw new HttpProblem('blocked', 'One of you has blocked the other.');
    const { uploadId } = input;
    return d.lanes.run(input.chatId, () =>
      uploadId === undefined ? place(callerId, input) : placePicture(callerId, input, uploadId),
    );
  };
}

const replyNotFound = () => new HttpProblem('reply_not_found', 'There is no message with that replyToSeq.');
