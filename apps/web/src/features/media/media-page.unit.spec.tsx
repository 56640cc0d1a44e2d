import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CHAT, chatOf, headOf, hearIn, messageOf, messagesOf } from '@parley/chat-client/testing';
import { ConnectionError, type ChatClient } from '@parley/chat-client';
import type { MediaAnswer } from '@parley/contracts';
import { clientWithChat } from '../chats/with-client.fixture.tsx';
import { pictureMessage } from '../pictures/show/picture-message.fixture.ts';
import { closePicture, viewedPicture } from '../pictures/show/viewed-picture.ts';
import { MediaPage } from './media-page.tsx';
import { MediaSection } from './media-section.tsx';

const page = (seqs: readonly number[], hasMore = false): MediaAnswer => ({
  messages: seqs.map((seq) => pictureMessage(seq)),
  hasMore,
});
const nothing = () => undefined;
const thumbs = () => screen.queryAllByRole('button', { name: /^Photo from/ });

/** What is observed, each as if it came into view at once when `reach` is called. */
let observed: (() => void)[] = [];
const reach = () => act(async () => observed.splice(0).forEach((tell) => tell()));

function mediaWorld(...answers: (() => Promise<MediaAnswer>)[]) {
  const media = vi.fn<ChatClient['media']>(() => answers.shift()?.() ?? Promise.resolve(page([])));
  const world = clientWithChat(chatOf(9), { media });
  return { ...world, media, queries: () => media.mock.calls.map(([, query]) => query) };
}

describe('media', () => {
  beforeEach(() => {
    observed = [];
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(tell: (entries: { isIntersecting: boolean }[]) => void) {
          observed.push(() => tell([{ isIntersecting: true }]));
        }
        observe = nothing;
        disconnect = nothing;
      },
    );
    vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: nothing, removeEventListener: nothing }));
  });
  afterEach(() => {
    cleanup();
    closePicture();
    vi.unstubAllGlobals();
  });

  it('loads page after page as its end comes near, and opens one in full', async () => {
    const { show, queries } = mediaWorld(
      () => Promise.resolve(page([9, 7, 6], true)),
      () => Promise.resolve(page([4, 1])),
    );
    show(<MediaPage chatId={CHAT} />);
    expect(screen.getByText('Loading photos…')).toBeTruthy();
    await reach();
    expect(thumbs()).toHaveLength(3);
    await reach();
    expect(thumbs()).toHaveLength(5);
    expect(queries()).toEqual([{ limit: 60 }, { before: 6, limit: 60 }]);
    expect(screen.queryByText('Loading photos…')).toBeNull();
    // Tab leads to one of them only.
    expect(thumbs().filter(({ tabIndex }) => tabIndex === 0)).toEqual([thumbs()[0]]);
    fireEvent.click(thumbs()[4]!);
    expect(viewedPicture.getState().message?.seq).toBe(1);
  });

  it('says that there is nothing yet', async () => {
    const { show } = mediaWorld(() => Promise.resolve(page([])));
    show(<MediaPage chatId={CHAT} />);
    await reach();
    expect(screen.getByRole('heading', { name: 'No photos yet' })).toBeTruthy();
  });

  it('says what went wrong, and tries again when asked to', async () => {
    const { show, queries } = mediaWorld(
      () => Promise.reject(new ConnectionError('away')),
      () => Promise.resolve(page([2])),
    );
    show(<MediaPage chatId={CHAT} />);
    await reach();
    expect(screen.getByRole('alert')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(thumbs()).toHaveLength(1));
    expect(queries()).toHaveLength(2);
  });

  it('shows what is sent meanwhile, and takes away what is deleted', async () => {
    const { show, store } = mediaWorld(() => Promise.resolve(page([3])));
    const heard = { type: 'page', at: 'newest', messages: [...messagesOf(1, 8), pictureMessage(9)], head: headOf(9) };
    show(<MediaPage chatId={CHAT} />);
    await reach();
    act(() => hearIn(store, { chatId: CHAT, heard: heard as never }));
    expect(thumbs()).toHaveLength(2);
    const deleted = messageOf(3, { rev: 10, text: null, deletedAt: '2026-01-02T12:00:00.000Z' });
    act(() => hearIn(store, { chatId: CHAT, heard: { type: 'message', message: deleted } }));
    expect(thumbs()).toHaveLength(1);
  });

  it('is in the details: the newest four, and the way to all', async () => {
    const { show, store, queries } = mediaWorld(() => Promise.resolve(page([9, 7, 6, 4], true)));
    const onLeave = vi.fn();
    show(<MediaSection chat={store.getState().chats[CHAT]!} onLeave={onLeave} />);
    await waitFor(() => expect(thumbs()).toHaveLength(4));
    expect(queries()).toEqual([{ limit: 4 }]);
    const link = screen.getByRole<HTMLAnchorElement>('link', { name: 'See all' });
    expect(link.getAttribute('href')).toBe(`/chats/${CHAT}/media`);
    fireEvent.click(link);
    expect(onLeave).toHaveBeenCalled();
  });
});
