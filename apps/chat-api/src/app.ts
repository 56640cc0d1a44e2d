import {
  chatParams,
  chatsQuery,
  editMessageBody,
  mediaQuery,
  messageParams,
  messagesQuery,
  newChatBody,
  newUploadBody,
  reactionParams,
  receiptBody,
  searchMessagesQuery,
  sendMessageBody,
  syncBody,
  uploadParams,
  type Chat,
  type MediaAnswer,
} from '@parley/contracts';
import { createHttpApp, reply, route, type HttpAppOptions } from '@parley/http-server';
import type { ChangeMessage } from './features/changes/change-message.ts';
import type { MessagePresenter } from './features/messages/present-message.ts';
import type { SendMessageResult } from './features/messages/send-message.ts';
import { claimRoutes } from './features/upload-claims/claim-routes.ts';
import type { UseCases } from './service.ts';

export type AppOptions = Omit<HttpAppOptions, 'service' | 'routes'> & { useCases: UseCases; present: MessagePresenter };

/** The HTTP face of the use cases (docs/api, section chat). It never listens. */
export function createApp({ useCases, present, ...options }: AppOptions) {
  const changed = async (...input: Parameters<ChangeMessage>) => ({
    message: await present.one(await useCases.changeMessage(...input)),
  });
  const sent = async ({ message, isNew }: SendMessageResult) => {
    const presented = present.one(message);
    return reply(isNew ? 201 : 200, { message: presented instanceof Promise ? await presented : presented });
  };

  return createHttpApp({
    ...options,
    service: 'chat-api',
    routes: (app) => {
      claimRoutes(app, useCases);
      app.get(
        '/api/v1/chat/all',
        route({ query: chatsQuery, handle: ({ caller, query }) => useCases.listChats(caller.sub, query) }),
      );
      app.post(
        '/api/v1/chat/new',
        route({
          body: newChatBody,
          handle: async ({ caller, body, req }) => {
            const authorization = req.get('authorization') ?? '';
            const { chat, isNew } = await useCases.openChat(caller.sub, body.userId, authorization);
            return reply(isNew ? 201 : 200, { chat } satisfies { chat: Chat });
          },
        }),
      );
      app.get(
        '/api/v1/chat/message/:chatId',
        route({
          params: chatParams,
          query: messagesQuery,
          handle: async ({ caller, params, query }) => {
            const page = await useCases.listMessages(caller.sub, params.chatId, query);
            return { ...page, messages: await present.all(page.messages) };
          },
        }),
      );
      app.get(
        '/api/v1/chat/media/:chatId',
        route({
          params: chatParams,
          query: mediaQuery,
          handle: async ({ caller, params, query }) => {
            const { messages, hasMore } = await useCases.listMedia(caller.sub, params.chatId, query);
            return { messages: await present.all(messages), hasMore } satisfies MediaAnswer;
          },
        }),
      );
      const sendForm = route({ handle: async ({ caller, req }) => sent(await useCases.sendForm(caller.sub, req)) });
      app.post('/api/v1/chat/message', (req, res, next) => {
        if (!req.is('multipart/form-data')) return next();
        // The body is read by the use case, as it comes.
        req.body = {};
        return sendForm(req, res, next);
      });
      app.post(
        '/api/v1/chat/message',
        route({
          body: sendMessageBody,
          handle: async ({ caller, body }) => sent(await useCases.sendMessage(caller.sub, body)),
        }),
      );
      app.post(
        '/api/v1/chat/uploads',
        route({
          body: newUploadBody,
          status: 201,
          handle: ({ caller, body }) => useCases.createUpload(caller.sub, body),
        }),
      );
      app.post(
        '/api/v1/chat/uploads/:id/complete',
        route({
          params: uploadParams,
          handle: async ({ caller, params }) => ({ image: await useCases.completeUpload(caller.sub, params.id) }),
        }),
      );
      app.patch(
        '/api/v1/chat/message/:id',
        route({
          params: messageParams,
          body: editMessageBody,
          handle: ({ caller, params, body }) => changed(caller.sub, params.id, { kind: 'edit', ...body }),
        }),
      );
      app.delete(
        '/api/v1/chat/message/:id',
        route({
          params: messageParams,
          handle: ({ caller, params }) => changed(caller.sub, params.id, { kind: 'delete' }),
        }),
      );
      app.put(
        '/api/v1/chat/message/:id/reactions/:emoji',
        route({
          params: reactionParams,
          handle: ({ caller, params: { id, emoji } }) => changed(caller.sub, id, { kind: 'react', emoji }),
        }),
      );
      app.delete(
        '/api/v1/chat/message/:id/reactions/:emoji',
        route({
          params: reactionParams,
          handle: ({ caller, params: { id, emoji } }) => changed(caller.sub, id, { kind: 'unreact', emoji }),
        }),
      );
      app.post(
        '/api/v1/chat/sync',
        route({
          body: syncBody,
          handle: ({ caller, body }) => useCases.syncChats(caller.sub, body),
        }),
      );
      app.get(
        '/api/v1/chat/search',
        route({
          query: searchMessagesQuery,
          handle: async ({ caller, query }) => {
            const { messages, nextCursor } = await useCases.searchMessages(caller.sub, query);
            return { messages: await present.all(messages), nextCursor };
          },
        }),
      );
      app.post(
        '/api/v1/chat/delivered',
        route({
          body: receiptBody,
          handle: async ({ caller, body }) => ({ marks: await useCases.markDelivered(caller.sub, body) }),
        }),
      );
      app.post(
        '/api/v1/chat/seen',
        route({
          body: receiptBody,
          handle: async ({ caller, body }) => ({ marks: await useCases.markSeen(caller.sub, body) }),
        }),
      );
    },
  });
}
