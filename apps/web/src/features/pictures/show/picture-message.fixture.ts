import { messageOf, uuid } from '@parley/chat-client/testing';
import type { Message, MessageImage } from '@parley/contracts';
import type { UploadId } from '@parley/domain';

/** A picture whose URLs tell which message it belongs to, and how often it was read. */
export const imageOf = (seq: number, reading = 1, changes: Partial<MessageImage> = {}): MessageImage => ({
  uploadId: uuid(700_000 + seq) as UploadId,
  width: 1600,
  height: 1200,
  bytes: 1000,
  contentType: 'image/jpeg',
  blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
  url: `https://s3.test/full/${seq}?reading=${reading}`,
  thumbUrl: `https://s3.test/thumb/${seq}?reading=${reading}`,
  ...changes,
});

export const pictureMessage = (seq: number, changes: Partial<Message> = {}): Message & { image: MessageImage } => ({
  ...messageOf(seq, { text: null, ...changes }),
  image: changes.image ?? imageOf(seq),
});
