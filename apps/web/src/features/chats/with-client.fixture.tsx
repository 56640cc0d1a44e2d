import type { ClientMessageId } from '@parley/domain';
import { render } from '@testing-library/react';
import type { ReactNode } from 'react';
import type { ChatClient } from '@parley/chat-client';
import { chatOf, createClientStore, listIn, ME, OTHER, uuid, withPeople } from '@parley/chat-client/testing';
import { ChatClientContext } from './chat-client-provider.tsx';

export const ADA = { id: OTHER, username: 'ada', displayName: 'Ada Lovelace', bio: '', avatarUrl: null };

/** A client with a real store, one chat with Ada in it, and calls that are written down instead of made, but for those that `more` answers. */
export function clientWithChat(chat = chatOf(0), more: Partial<ChatClient> = {}) {
  const calls: unknown[][] = [];
  const store = createClientStore(ME);
  listIn(store, chat);
  store.setState(withPeople([ADA]));
  store.setState({ list: 'ready', connection: 'live', catchingUp: false });
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push([name, ...args]);
    };
  const noteAsync =
    (name: string) =>
    (...args: unknown[]) => {
      calls.push([name, ...args]);
      return Promise.resolve();
    };
  const client: ChatClient = {
    store,
    on: () => () => undefined,
    send: (...args) => {
      calls.push(['send', ...args]);
      return uuid(99) as ClientMessageId;
    },
    retry: note('retry'),
    discard: note('discard'),
    fileOf: () => Promise.resolve(undefined),
    edit: noteAsync('edit'),
    remove: noteAsync('remove'),
    react: noteAsync('react'),
    retryChange: note('retryChange'),
    discardChange: note('discardChange'),
    open: () => Promise.resolve(chat.id),
    load: noteAsync('load'),
    loadOlder: noteAsync('loadOlder'),
    loadNewer: noteAsync('loadNewer'),
    jump: noteAsync('jump'),
    showNewest: note('showNewest'),
    search: () => Promise.resolve({ messages: [], nextCursor: null }),
    media: () => Promise.resolve({ messages: [], hasMore: false }),
    readPerson: noteAsync('readPerson'),
    verify: () => Promise.resolve({ upTo: 0, problems: [] }),
    reload: noteAsync('reload'),
    seen: note('seen'),
    typed: note('typed'),
    stoppedTyping: note('stoppedTyping'),
    close: note('close'),
    ...more,
  };
  const show = (ui: ReactNode) => render(<ChatClientContext value={client}>{ui}</ChatClientContext>);
  return { client, store, calls, show };
}
