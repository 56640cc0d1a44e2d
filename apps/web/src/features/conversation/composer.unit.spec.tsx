import { MESSAGE_TEXT_MAX } from '@parley/domain';
import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type ChatClient } from '@parley/chat-client';
import { CHAT, headOf, hearIn, messageOf, messagesOf } from '@parley/chat-client/testing';
import { clientWithChat } from '../chats/with-client.fixture.tsx';
import { clearAllChosen } from '../pictures/send/chosen-pictures.ts';
import { Composer } from './composer.tsx';
import { useComposer } from './use-composer.ts';

const box = () => screen.getByLabelText<HTMLTextAreaElement>('Message');
const sendButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Send' });

/** A composer with what is begun in it, and ways to begin an answer or an edit. */
function Writing() {
  const composing = useComposer(CHAT);
  return (
    <>
      <button onClick={() => composing.reply(messageOf(1))}>reply</button>
      <Composer chatId={CHAT} composing={composing} author="Ada" onEditLast={() => composing.edit(messageOf(2))} />
    </>
  );
}

function setUp(more: Partial<ChatClient> = {}) {
  const { calls, show, store } = clientWithChat(undefined, more);
  const view = show(<Writing />);
  const sent = () => calls.filter(([name]) => name === 'send').map(([, , draft]) => (draft as { text: string }).text);
  return { calls, sent, view, show, store, user: userEvent.setup() };
}

describe('composer', () => {
  afterEach(() => {
    cleanup();
    sessionStorage.clear();
    clearAllChosen();
    vi.unstubAllGlobals();
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
    show(<Writing />);
    expect(box().value).toBe('not yet');
  });

  it('answers a message, and can be left without', async () => {
    const { calls, user } = setUp();
    await user.click(screen.getByRole('button', { name: 'reply' }));
    expect(screen.getByText('Reply to Ada')).toBeTruthy();
    await user.type(box(), 'so it is{Enter}');
    expect(calls).toContainEqual(['send', CHAT, { text: 'so it is', replyToSeq: 1 }]);
    expect(screen.queryByText('Reply to Ada')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'reply' }));
    await user.type(box(), '{Escape}plain{Enter}');
    expect(calls).toContainEqual(['send', CHAT, { text: 'plain' }]);
  });

  it('edits the last message from an empty box, and keeps the draft for afterwards', async () => {
    const { calls, sent, user } = setUp();
    await user.type(box(), 'half');
    await user.click(screen.getByRole('button', { name: 'reply' }));
    await user.type(box(), '{Escape}');
    expect(box().value).toBe('half');
    await user.clear(box());
    await user.type(box(), '{ArrowUp}');
    const edited = screen.getByLabelText<HTMLTextAreaElement>('Edited message');
    expect(edited.value).toBe('message 2');
    await user.type(edited, '!{Enter}');
    expect(calls.find(([name]) => name === 'edit')).toEqual(['edit', messageOf(2), 'message 2!', 'message 2']);
    expect(box().value).toBe('');
    expect(sent()).toEqual([]);
  });

  it('tells of another edit made meanwhile, and replaces it once that was seen', async () => {
    const edits: unknown[] = [];
    const edit: ChatClient['edit'] = (...[{ seq }, text, replaces]) => {
      edits.push([seq, text, replaces]);
      return edits.length === 1 ? Promise.reject(new ApiError('edit_conflict', '')) : Promise.resolve();
    };
    const { user } = setUp({ edit });
    await user.type(box(), '{ArrowUp}');
    await user.type(screen.getByLabelText('Edited message'), '!{Enter}');
    expect((await screen.findByRole('alert')).textContent).toMatch(/another device.*Saving again replaces/);
    await user.type(screen.getByLabelText('Edited message'), '{Enter}');
    expect(edits).toEqual([
      [2, 'message 2!', 'message 2'],
      [2, 'message 2!', undefined],
    ]);
    expect(box().value).toBe('');
  });

  it('keeps an edit that isn’t saved, and forgets one that was left', async () => {
    const { view, show, store, user } = setUp();
    await user.type(box(), '{ArrowUp}');
    await user.type(screen.getByLabelText('Edited message'), ' and more');
    view.unmount();
    const again = show(<Writing />);
    expect(box().value).toBe('');
    // The history comes a moment later.
    const page = { type: 'page', at: 'newest', messages: messagesOf(1, 3), head: headOf(3) } as const;
    act(() => hearIn(store, { chatId: CHAT, heard: page }));
    const edited = await screen.findByLabelText<HTMLTextAreaElement>('Edited message');
    expect(edited.value).toBe('message 2 and more');
    await user.type(edited, '{Escape}');
    again.unmount();
    show(<Writing />);
    expect(box().value).toBe('');
    expect(sessionStorage).toHaveLength(0);
  });

  it('sends each picture as a message, with the text as the caption of the first', async () => {
    vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width: 4, height: 3, close: () => undefined }));
    const { calls, user } = setUp();
    await user.type(box(), 'look');
    await user.click(screen.getByRole('button', { name: 'reply' }));
    const files = ['a.gif', 'b.gif'].map((name) => new File(['GIF89a'], name, { type: 'image/gif' }));
    await user.upload(document.querySelector('input[multiple]')!, files);
    const list = await screen.findByRole('list', { name: 'Pictures to send' });
    await waitFor(() => expect(within(list).getAllByRole('img')).toHaveLength(2));
    await user.click(screen.getByRole('button', { name: 'Remove picture 1' }));
    await user.upload(document.querySelector('input[multiple]')!, files[0]!);
    await waitFor(() => expect(within(list).getAllByRole('img')).toHaveLength(2));
    await user.type(screen.getByLabelText('Caption'), '!{Enter}');
    const picture = { contentType: 'image/gif', width: 4, height: 3, file: expect.any(Blob) as Blob };
    expect(calls.filter(([name]) => name === 'send')).toEqual([
      ['send', CHAT, { text: 'look!', replyToSeq: 1, picture }],
      ['send', CHAT, { text: '', picture }],
    ]);
    expect(box().value).toBe('');
    expect(screen.queryByRole('list', { name: 'Pictures to send' })).toBeNull();
  });

  it('keeps the text when pictures are left by Escape, or can’t be sent', async () => {
    const { sent, user } = setUp();
    await user.type(box(), 'look');
    await user.upload(document.querySelector('input[multiple]')!, new File(['text'], 'a.png', { type: 'image/png' }));
    expect((await screen.findByRole('alert')).textContent).toContain('“a.png” can’t be sent');
    await user.type(box(), '{Escape}');
    expect(screen.queryByRole('alert')).toBeNull();
    expect(box().value).toBe('look');
    expect(sent()).toEqual([]);
  });

  it('tells of typing, and of its end', async () => {
    const { calls, user } = setUp();
    await user.type(box(), 'a');
    await user.clear(box());
    expect(calls.map(([name]) => name)).toEqual(['typed', 'stoppedTyping']);
  });
});
