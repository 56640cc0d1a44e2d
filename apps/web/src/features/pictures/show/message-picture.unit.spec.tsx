import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatClient } from '@parley/chat-client';
import type { MediaAnswer, Message } from '@parley/contracts';
import { clientWithChat } from '../../chats/with-client.fixture.tsx';
import { toBubbles } from '../../conversation/bubbles.ts';
import { ConversationActionsContext, type ConversationActions } from '../../conversation/conversation-actions.tsx';
import { MessageBubble } from '../../conversation/message-bubble.tsx';
import { keepLocal } from '../local-pictures.ts';
import { imageOf, pictureMessage } from './picture-message.fixture.ts';
import { closePicture, viewedPicture } from './viewed-picture.ts';

const actions = new Proxy({}, { get: () => () => undefined }) as ConversationActions;

function showBubble(message: Message, more: Partial<ChatClient> = {}) {
  const world = clientWithChat(undefined, more);
  const { me } = world.store.getState();
  const [bubble] = toBubbles({
    run: [message],
    changes: {},
    outgoing: [],
    me,
    other: { delivered: 0, seen: 0 },
    newFrom: null,
  });
  const shown = world.show(
    <ConversationActionsContext value={actions}>
      <MessageBubble bubble={bubble!} author="Ada" now={Date.now()} found={false} />
    </ConversationActionsContext>,
  );
  return { ...world, ...shown };
}
const photo = () => screen.getByRole<HTMLImageElement>('img', { name: 'Photo from Ada' });
const answering = (...answers: (() => Promise<MediaAnswer>)[]) => {
  const media = vi.fn<ChatClient['media']>(() => answers.shift()?.() ?? Promise.reject(new Error('asked too often')));
  return { media };
};
const page = (reading: number) => () =>
  Promise.resolve({ messages: [pictureMessage(1, { image: imageOf(1, reading) })], hasMore: false });
const away = () => Promise.reject(new Error('away'));

describe('a message with a picture', () => {
  let reducesMotion = false;
  beforeEach(() => {
    reducesMotion = false;
    vi.stubGlobal('matchMedia', () => ({
      matches: reducesMotion,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }));
  });
  afterEach(() => {
    cleanup();
    closePicture();
    vi.unstubAllGlobals();
  });

  it('has its place before anything is loaded, and says whose it is', () => {
    const { container } = showBubble(pictureMessage(1));
    expect(photo().getAttribute('srcset')).toBe(`${imageOf(1).thumbUrl} 640w, ${imageOf(1).url} 1600w`);
    const frame = container.querySelector<HTMLElement>('[style*=aspect-ratio]');
    expect([frame?.style.width, frame?.style.aspectRatio]).toEqual(['320px', '320 / 240']);
    // The preview, and no words.
    expect(container.querySelector('canvas')).not.toBeNull();
    expect(container.querySelector('[dir=auto]')).toBeNull();
    expect(screen.getByText(/^\d\d:\d\d$/)).toBeTruthy();
  });

  it('goes on from the picture that was sent from here, until it is loaded itself', () => {
    const message = pictureMessage(1);
    keepLocal(message.clientMessageId, 'blob:mine');
    const { container } = showBubble(message);
    const mine = container.querySelector('img[src="blob:mine"]');
    expect(mine?.className).not.toContain('opacity-0');
    fireEvent.load(photo());
    expect(mine?.className).toContain('opacity-0');
  });

  it('shows its caption below it', () => {
    const { container } = showBubble(pictureMessage(1, { text: 'in Berlin' }));
    expect(container.querySelector('[dir=auto]')?.textContent).toBe('in Berlin');
  });

  it('opens in full, by a click or a key', () => {
    showBubble(pictureMessage(1));
    fireEvent.load(photo());
    const button = photo().closest('button')!;
    expect(button.dataset['picture']).toBe('loaded');
    fireEvent.click(button);
    expect(viewedPicture.getState().message?.seq).toBe(1);
  });

  it('is gone when it was deleted', () => {
    showBubble({ ...pictureMessage(1), image: null, deletedAt: '2026-01-02T12:00:00.000Z' });
    expect(screen.getByText('Message deleted')).toBeTruthy();
    expect(screen.queryByRole('img', { name: /Photo/ })).toBeNull();
  });

  it('reads its URLs again, once and unasked, when they have expired', async () => {
    const { media } = answering(page(2));
    showBubble(pictureMessage(1), { media });
    fireEvent.error(photo());
    await waitFor(() => expect(photo().src).toBe(imageOf(1, 2).thumbUrl));
    expect(screen.queryByRole('button', { name: /Tap to retry/ })).toBeNull();
    fireEvent.load(photo());
    expect(photo().closest('button')?.dataset['picture']).toBe('loaded');
    expect(media).toHaveBeenCalledTimes(1);
  });

  it('says that it could not be loaded, keeps its preview, and tries again when asked to', async () => {
    const { media } = answering(page(1), page(3));
    const { container } = showBubble(pictureMessage(1), { media });
    fireEvent.error(photo());
    await waitFor(() => expect(media).toHaveBeenCalledTimes(1));
    await act(async () => undefined);
    fireEvent.error(photo());
    const retry = screen.getByRole('button', { name: 'Photo from Ada couldn’t be loaded. Tap to retry' });
    expect(container.querySelector('canvas')).not.toBeNull();
    fireEvent.click(retry);
    await waitFor(() => expect(photo().src).toBe(imageOf(1, 3).thumbUrl));
    expect(viewedPicture.getState().message).toBeNull();
  });

  it('stays when it was loaded before its address was read again', async () => {
    const { media } = answering(page(1), page(1));
    showBubble(pictureMessage(1), { media });
    fireEvent.error(photo());
    await waitFor(() => expect(media).toHaveBeenCalledTimes(1));
    await act(async () => undefined);
    fireEvent.error(photo());
    fireEvent.click(screen.getByRole('button', { name: /Tap to retry/ }));
    const shown = photo();
    fireEvent.load(shown);
    await waitFor(() => expect(media).toHaveBeenCalledTimes(2));
    await act(async () => undefined);
    expect(photo()).toBe(shown);
    expect(shown.closest('button')?.dataset['picture']).toBe('loaded');
  });

  it('tries once more by itself when the connection is back', async () => {
    const { media } = answering(away, page(2));
    const { store } = showBubble(pictureMessage(1), { media });
    fireEvent.error(photo());
    await screen.findByRole('button', { name: /Tap to retry/ });
    act(() => store.setState({ connection: 'offline' }));
    expect(media).toHaveBeenCalledTimes(1);
    act(() => store.setState({ connection: 'live' }));
    await waitFor(() => expect(photo().src).toBe(imageOf(1, 2).thumbUrl));
  });

  it('stands still where motion is not wanted, and moves otherwise', () => {
    const gif = pictureMessage(1, { image: imageOf(1, 1, { contentType: 'image/gif' }) });
    const first = showBubble(gif);
    fireEvent.load(photo());
    expect([first.container.querySelectorAll('canvas').length, screen.queryByText('GIF')]).toEqual([1, null]);
    cleanup();
    reducesMotion = true;
    const second = showBubble(gif);
    fireEvent.load(photo());
    expect([second.container.querySelectorAll('canvas').length, screen.getByText('GIF').tagName]).toEqual([2, 'SPAN']);
  });
});
