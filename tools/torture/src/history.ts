import type { Message, MarksById, SendMessageBody } from '@parley/contracts';
import type { ChatId, UserId } from '@parley/domain';

/** What a client meant to send, whether or not it was ever answered. */
export type Attempt = SendMessageBody & { senderId: UserId };

/** What one device shows at the end of a run. */
export type DeviceView = {
  device: string;
  userId: UserId;
  /** Ids in the order in which they were added to the end of the list. */
  shown: readonly string[];
  /** The list as it is now. */
  messages: readonly Message[];
  marks: MarksById;
};

/** A message as it lies in MongoDB, without its outbox entry and what has another form there. */
export type StoredMessage = Omit<Message, 'reactions' | 'image'>;

/** All that is known of one chat when a run has become quiet: what clients were promised, and what is there. */
export type ChatHistory = {
  chatId: ChatId;
  members: readonly [UserId, UserId];
  attempts: readonly Attempt[];
  /** Every message that a server answered to a send, an edit, a deletion or a reaction, in the order of the answers. */
  acknowledged: readonly Message[];
  /** The highest watermarks that a server has answered. */
  acknowledgedMarks: MarksById;
  views: readonly DeviceView[];
  /** What each member gets who loads the chat anew. */
  fresh: readonly { userId: UserId; messages: readonly Message[] }[];
  stored: readonly StoredMessage[];
  storedMarks: MarksById;
  /** The projection of the chat's end, as lists show it. */
  listed: { seq: number; rev: number };
  /** Outbox entries of the chat and its messages that are still there. */
  untold: number;
  /** `<message id>:<rev>` of every event that reached the broker. */
  told: ReadonlySet<string>;
};

/** A broken promise, with what shows it. */
export type Violation = { rule: string; chatId: ChatId | null; evidence: string };
