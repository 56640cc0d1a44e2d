import type { Message } from '@parley/contracts';
import { useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { Slide } from 'yet-another-react-lightbox';
import { useChatClient } from '../../chats/chat-client-provider.tsx';
import { freshImages } from './fresh-images.ts';

declare module 'yet-another-react-lightbox' {
  interface GenericSlide {
    message?: Message;
  }
}

/** The slides of these messages, each with the freshest URLs there are; `reload` makes the browser try one again under the same URL. */
export function useSlides(messages: readonly Message[]): { slides: readonly Slide[]; reload(message: Message): void } {
  const fresh = useStore(freshImages(useChatClient()));
  const [tries, setTries] = useState<Readonly<Record<string, number>>>({});
  const slides = useMemo(
    () =>
      messages.flatMap((message): Slide[] => {
        const image = fresh[message.id] ?? message.image;
        if (image === null) return [];
        const again = tries[message.id];
        return [
          {
            // A fragment goes to no server, and is another picture to the browser.
            src: again === undefined ? image.url : `${image.url}#${again}`,
            width: image.width,
            height: image.height,
            alt: message.text ?? 'Photo',
            message: { ...message, image },
          },
        ];
      }),
    [messages, fresh, tries],
  );
  return {
    slides,
    reload: ({ id }) => setTries((before) => ({ ...before, [id]: (before[id] ?? 0) + 1 })),
  };
}
