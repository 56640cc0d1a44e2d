import { MESSAGE_TEXT_MAX } from '@parley/domain';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { CHAT } from '@parley/chat-client/testing';
import { clientWithChat } from '../chats/with-client.fixture.tsx';
import { Composer } from './composer.tsx';

const box = () => screen.getByLabelText<HTMLTextAreaElement>('Message');
const sendButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Send' });

function setUp() {
  const { calls, show } = clientWithChat();
  const view = show(<Composer chatId={CHAT} />);
  const sent = () => calls.filter(([name]) => name === 'send').map(([, , draft]) => (draft as { text: string }).text);
  return { calls, sent, view, show, user: userEvent.setup() };
}

describe('composer', () => {
  afterEach(() => {
    cleanup();
    sessionStorage.clear();
  });

  it('sends on Enter, begins a new line on Shift+Enter, and is empty afterwards', async () => {
    const { sent, user } = setUp();
    await user.type(box(), 'one{Shift>}{Enter}{/Shift}two  {Enter}');
    expect(sent()).toEqual(['one\ntwo']);
    expect(box().value).toBe('');
  });

  it('sends no blank, and nothing while an input method composes', async () => {
    const { sent, user } = setUp();
    await user.type(box(), '   {Enter}');
    expect(sendButton().disabled).toBe(true);
    await user.type(box(), 'kan');
    fireEvent.keyDown(box(), { key: 'Enter', isComposing: true });
    expect(sent()).toEqual([]);
    await user.click(sendButton());
    expect(sent()).toEqual(['kan']);
  });

  it('keeps what is too long, and says by how much', () => {
    const { sent } = setUp();
    fireEvent.change(box(), { target: { value: 'x'.repeat(MESSAGE_TEXT_MAX - 10) } });
    expect(screen.getByText('10 characters left')).toBeTruthy();
    fireEvent.change(box(), { target: { value: 'x'.repeat(MESSAGE_TEXT_MAX + 3) } });
    expect(screen.getByText('3 characters too many')).toBeTruthy();
    fireEvent.keyDown(box(), { key: 'Enter' });
    expect(sent()).toEqual([]);
    expect(box().value).toHaveLength(MESSAGE_TEXT_MAX + 3);
  });

  it('keeps a draft for when the conversation is opened again', async () => {
    const { view, show, user } = setUp();
    await user.type(box(), 'not yet');
    view.unmount();
    show(<Composer chatId={CHAT} />);
    expect(box().value).toBe('not yet');
  });

  it('tells of typing, and of its end', async () => {
    const { calls, user } = setUp();
    await user.type(box(), 'a');
    await user.clear(box());
    expect(calls.map(([name]) => name)).toEqual(['typed', 'stoppedTyping']);
  });
});
