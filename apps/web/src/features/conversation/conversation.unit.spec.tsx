import type { Message } from '@parley/contracts';
import type { ClientMessageId } from '@parley/domain';
import { act, cleanup, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import type { MessageChange, Outgoing } from '@parley/chat-client';
import {
  CHAT,
  chatOf,
  headOf,
  hearIn,
  messageOf,
  messagesOf,
  uuid,
  withOutgoing,
  withTyping,
} from '@parley/chat-client/testing';
import { clientWithChat } from '../chats/with-client.fixture.tsx';
import { ConversationActionsContext, type ConversationActions } from './conversation-actions.tsx';
import { Conversation } from './conversation.tsx';
import { FailedActions } from './failed-actions.tsx';
import { MessageBubble } from './message-bubble.tsx';
import { toBubbles } from './bubbles.ts';

const FAILED: Outgoing = {
  clientMessageId: uuid(70) as ClientMessageId,
  chatId: CHAT,
  text: 'kept',
  createdAt: 0,
  status: 'failed',
  code: 'blocked',
};

const nothing = () => undefined;
const noActions: ConversationActions = {
  reply: nothing,
  edit: nothing,
  remove: nothing,
  react: nothing,
  copy: nothing,
  openMenu: nothing,
  jumpTo: nothing,
  takeBack: nothing,
  takeBackEdit: nothing,
  cancelUpload: nothing,
};

/** The newest page of a chat of so many messages. */
const pageOf = (count: number) =>
  ({
    chatId: CHAT,
    heard: { type: 'page', at: 'newest', messages: messagesOf(1, count), head: headOf(count) },
  }) as const;

describe('conversation', () => {
  afterEach(cleanup);

  it('shows that it loads, and asks for its history', () => {
    const { calls, show } = clientWithChat(chatOf(3));
    show(<Conversation chatId={CHAT} />);
    expect(screen.getByText('Loading messages…')).toBeTruthy();
    expect(calls).toContainEqual(['load', CHAT]);
  });

  it('invites to say hello where nothing has been said', () => {
    const { store, show } = clientWithChat(chatOf(0));
    hearIn(store, pageOf(0));
    show(<Conversation chatId={CHAT} />);
    expect(screen.getByRole('heading', { name: 'Say hello' })).toBeTruthy();
    expect(screen.getByRole('heading', { name: 'Ada Lovelace' })).toBeTruthy();
  });

  it('says that a conversation does not exist, but only once the list is known', () => {
    const { store, show } = clientWithChat();
    store.setState({ list: 'loading' });
    show(<Conversation chatId={uuid(404)} />);
    expect(screen.queryByText('This conversation doesn’t exist')).toBeNull();
    act(() => store.setState({ list: 'ready' }));
    expect(screen.getByText('This conversation doesn’t exist')).toBeTruthy();
  });

  it('shows typing, and reads a new message out', () => {
    const { store, show } = clientWithChat(chatOf(1));
    hearIn(store, pageOf(1));
    show(<Conversation chatId={CHAT} />);
    act(() => store.setState(withTyping(CHAT, true)));
    expect(screen.getByText('Ada Lovelace is typing')).toBeTruthy();
    expect(screen.getByText('Ada Lovelace: message 1').getAttribute('aria-live')).toBe('polite');
  });

  it('offers to send again, to edit or to discard what was refused', async () => {
    const { store, calls, show } = clientWithChat();
    store.setState(withOutgoing(CHAT, () => [FAILED]));
    show(
      <ConversationActionsContext value={{ ...noActions, takeBack: (entry) => calls.push(['takeBack', entry]) }}>
        <FailedActions entry={FAILED} />
      </ConversationActionsContext>,
    );
    expect(screen.getByRole('alert').textContent).toBe('You can’t send messages to this person.');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await userEvent.click(screen.getByRole('button', { name: 'Edit' }));
    await userEvent.click(screen.getByRole('button', { name: 'Discard' }));
    expect(calls).toEqual([
      ['retry', FAILED],
      ['takeBack', FAILED],
      ['discard', FAILED],
    ]);
  });

  it('keeps the new text of an edit that was refused later, with what can be done about it', async () => {
    const refused = (message: Message, text: string): MessageChange => ({
      ...{ id: uuid(80), chatId: CHAT, messageId: message.id, status: 'failed', code: 'message_deleted' },
      wish: { kind: 'edit', text },
    });
    const mine = messageOf(2);
    const change = refused(mine, 'better');
    const { store, show, calls } = clientWithChat();
    store.setState({ changes: { [mine.id]: [change] } });
    const taken: unknown[] = [];
    const actions = { ...noActions, takeBackEdit: (...args: unknown[]) => void taken.push(args) };
    const { me } = store.getState();
    const ofMessage = (message: Message) =>
      toBubbles({ run: [message], changes: {}, outgoing: [], me, other: { delivered: 0, seen: 0 }, newFrom: null })[0]!;
    show(
      <ConversationActionsContext value={actions}>
        <MessageBubble bubble={ofMessage(mine)} author="Ada" now={0} found={false} />
      </ConversationActionsContext>,
    );
    expect(screen.getByRole('alert').textContent).toMatch(/deleted meanwhile/);
    expect(screen.getByText('better')).toBeTruthy();
    for (const name of ['Try again', 'Edit', 'Discard']) await userEvent.click(screen.getByRole('button', { name }));
    expect(calls).toEqual([
      ['retryChange', change],
      ['discardChange', change],
    ]);
    expect(taken).toEqual([[mine, change]]);
  });

  it('draws a message with its author, its time and its links', () => {
    const run = [messageOf(1, { text: 'see https://example.org' })];
    const { store, show } = clientWithChat();
    const { me } = store.getState();
    const [bubble] = toBubbles({ run, changes: {}, outgoing: [], me, other: { delivered: 0, seen: 0 }, newFrom: 1 });
    show(
      <ConversationActionsContext value={noActions}>
        <MessageBubble bubble={bubble!} author="Ada" now={Date.now()} found={false} />
      </ConversationActionsContext>,
    );
    expect(screen.getByRole('separator', { name: 'New messages' })).toBeTruthy();
    expect(screen.getByRole('article').getAttribute('aria-label')).toMatch(/^Ada, \d\d:\d\d$/);
    const link = screen.getByRole<HTMLAnchorElement>('link');
    expect([link.href, link.target, link.rel]).toEqual([
      'https://example.org/',
      '_blank',
      'noopener noreferrer nofollow',
    ]);
  });
});
