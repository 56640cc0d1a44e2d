import type { ChatId, MessageId } from '@parley/domain';
import { HttpProblem } from '@parley/http-server';
import { createOutboxRelay, type Mongo } from '@parley/mongo';
import type { ObjectStorage } from '@parley/object-storage';
import type { ParleyEvent } from '@parley/rabbitmq';
import type { Clock, Health, Logger, Metrics } from '@parley/service-kit';
import { v7 as uuidv7 } from 'uuid';
import { ensureIndexes, openDatabase, type MessageDocument } from './database.ts';
import { createBlocks, type Blocks } from './features/blocks/blocks.ts';
import { createChangeMessage, type ChangeMessage } from './features/changes/change-message.ts';
import { createAuthorizeChat, type AuthorizeChat } from './features/chats/authorize-chat.ts';
import { createCountUnread } from './features/chats/count-unread.ts';
import { createDeliverChat } from './features/chats/deliver-chat.ts';
import { createListChats, type ListChats } from './features/chats/list-chats.ts';
import { createMembers } from './features/chats/members.ts';
import { createOpenChat, type OpenChat } from './features/chats/open-chat.ts';
import { createLastMessageProjector } from './features/chats/project-last-message.ts';
import { createReadChat, createViewChat, type ReadChat } from './features/chats/read-chat.ts';
import { createReadHeads, type ReadHeads } from './features/chats/read-heads.ts';
import { createListMedia, type ListMedia } from './features/media/list-media.ts';
import { createMessageDelivery } from './features/messages/deliver-message.ts';
import { createHeads } from './features/messages/heads.ts';
import { createMessageInserter } from './features/messages/insert-message.ts';
import { createLanes } from './features/messages/lanes.ts';
import { createListMessages, type ListMessages } from './features/messages/list-messages.ts';
import { createSendMessage, type SendMessage } from './features/messages/send-message.ts';
import type { MessagePresenter } from './features/messages/present-message.ts';
import { createSpendAllowance } from './features/messages/spend-allowance.ts';
import { createPrivacy, type Privacy } from './features/privacy/privacy.ts';
import type { PersonExists } from './features/people/find-person.ts';
import { createSearchMessages, type SearchMessages } from './features/search/search-messages.ts';
import { createSyncChats, type SyncChats } from './features/sync/sync-chats.ts';
import { createMarkReceipt, type MarkReceipt } from './features/receipts/mark-receipt.ts';
import { createRaiseWatermarks } from './features/receipts/raise-watermarks.ts';
import { createAvatarService } from './features/upload-claims/avatar-service.ts';
import type { ClaimAvatar } from './features/upload-claims/claim-avatar.ts';
import type { ReleaseAvatar } from './features/upload-claims/release-avatar.ts';
import type { AvatarsShown } from './features/upload-claims/settle-avatars.ts';
import type { CompleteUpload } from './features/uploads/complete-upload.ts';
import type { CreateUpload } from './features/uploads/create-upload.ts';
import { createPictureService } from './features/uploads/picture-service.ts';
import { createSendForm, type SendForm } from './features/uploads/send-form.ts';

/** Everything that chat-api does, once, whichever way it is asked: HTTP and RPC both end here. */
export type UseCases = {
  listChats: ListChats;
  openChat: OpenChat;
  readChat: ReadChat;
  authorizeChat: AuthorizeChat;
  readHeads: ReadHeads;
  listMessages: ListMessages;
  listMedia: ListMedia;
  syncChats: SyncChats;
  searchMessages: SearchMessages;
  sendMessage: SendMessage;
  sendForm: SendForm;
  createUpload: CreateUpload;
  completeUpload: CompleteUpload;
  claimAvatar: ClaimAvatar;
  releaseAvatar: ReleaseAvatar;
  changeMessage: ChangeMessage;
  markDelivered: MarkReceipt;
  markSeen: MarkReceipt;
};

export type ChatService = {
  useCases: UseCases;
  present: MessagePresenter;
  blocks: Blocks;
  privacy: Privacy;
  /** Begins to deliver what is in the outbox. */
  start(): void;
  /** Ends delivering, once what is under way is done. */
  stop(): Promise<void>;
};

export type ChatServiceOptions = {
  mongo: Mongo;
  storage: ObjectStorage;
  publish(event: ParleyEvent): Promise<void>;
  /** Whether it is certain that nothing can be published now. */
  isBrokerAway(): boolean;
  personExists: PersonExists;
  avatarsShown: AvatarsShown;
  sendRatePerSecond: number;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Gets a check named `indexes`. */
  health: Health;
};

/** Puts the use cases together. Nothing runs and nothing listens yet. */
export function createChatService(o: ChatServiceOptions): ChatService {
  const { clock, logger, metrics, publish } = o;
  const database = openDatabase(o.mongo.db);
  const { chats, messages } = database;

  // Order and idempotency are the unique indexes' work: without them nothing is written.
  let isIndexed = false;
  o.mongo.onUp(async () => {
    await ensureIndexes(database);
    isIndexed = true;
  });
  o.health.add('indexes', () => isIndexed);
  const onceIndexed =
    <A extends unknown[], R>(useCase: (...input: A) => Promise<R>) =>
    async (...input: A): Promise<R> => {
      if (!isIndexed) throw new HttpProblem('unavailable', 'The database is not ready yet.', { retryAfterSeconds: 1 });
      return useCase(...input);
    };

  const members = createMembers(database);
  const blocks = createBlocks(database);
  const privacy = createPrivacy(database);
  const heads = createHeads(database);
  const countUnread = createCountUnread(database);
  const pictures = createPictureService({ database, storage: o.storage, clock, logger });
  const { present } = pictures;
  const avatars = createAvatarService({ ...o, database, renderer: pictures.renderer });
  const viewChat = createViewChat({ heads, countUnread, privacy, present });
  const raise = createRaiseWatermarks(o.mongo.db, database);
  const receipts = { messages, members, heads, privacy, raise, publish, clock, logger };

  const delivery = createMessageDelivery({
    members,
    project: createLastMessageProjector(o.mongo.db),
    publish,
    present,
  });
  const messageRelay = createOutboxRelay({
    collection: messages,
    deliver: delivery.deliver,
    clear: ({ rev }) => ({ rev }),
    isAway: o.isBrokerAway,
    clock,
    logger,
    metrics,
  });
  const chatRelay = createOutboxRelay({
    collection: chats,
    deliver: createDeliverChat(publish),
    clear: () => ({}),
    isAway: o.isBrokerAway,
    clock,
    logger,
    metrics,
  });

  const lanes = createLanes();
  const spend = createSpendAllowance({ perSecond: o.sendRatePerSecond });
  const tell = (document: MessageDocument) => {
    // The acknowledgement goes out first.
    setImmediate(() => {
      delivery.projectNow(document);
      messageRelay.nudge(document);
    });
  };

  const sendMessage = createSendMessage({
    messages,
    members,
    blocks,
    heads,
    lanes,
    insert: createMessageInserter(o.mongo.db),
    spend,
    attach: pictures.attach,
    onSent: tell,
    newId: () => uuidv7() as MessageId,
    clock,
  });
  const { discardImage } = pictures;
  const changes = { messages, members, blocks, heads, lanes, spend, discardImage, onChanged: tell, clock };

  return {
    blocks,
    privacy,
    present,
    useCases: {
      listChats: createListChats({ chats, countUnread, privacy, present }),
      openChat: onceIndexed(
        createOpenChat({
          chats,
          members,
          blocks,
          personExists: o.personExists,
          viewChat,
          onOpened: chatRelay.nudge,
          newId: () => uuidv7() as ChatId,
          clock,
        }),
      ),
      readChat: createReadChat({ chats, members, heads, countUnread, privacy, present }),
      authorizeChat: createAuthorizeChat({ chats, members, heads, privacy }),
      readHeads: createReadHeads({ chats, heads, privacy }),
      listMessages: createListMessages({ messages, members, heads }),
      listMedia: onceIndexed(createListMedia({ messages, members })),
      syncChats: createSyncChats({ chats, messages, heads, privacy, present }),
      searchMessages: onceIndexed(createSearchMessages({ chats, messages, members })),
      sendMessage: onceIndexed(sendMessage),
      sendForm: onceIndexed(createSendForm({ ...pictures, sendMessage })),
      createUpload: onceIndexed(pictures.createUpload),
      completeUpload: onceIndexed(pictures.completeUpload),
      claimAvatar: onceIndexed(avatars.claim),
      releaseAvatar: avatars.release,
      changeMessage: onceIndexed(createChangeMessage(changes)),
      markDelivered: createMarkReceipt('delivered', receipts),
      markSeen: createMarkReceipt('seen', receipts),
    },
    start: () => {
      messageRelay.start();
      chatRelay.start();
      pictures.start();
      avatars.start();
    },
    stop: async () => {
      await Promise.all([messageRelay.stop(), chatRelay.stop(), pictures.stop(), avatars.stop()]);
    },
  };
}
