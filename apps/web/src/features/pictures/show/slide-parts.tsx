'use client';
import type { Message } from '@parley/contracts';
import { RotateCw } from 'lucide-react';
import { createContext, useContext, useEffect, useRef, useState } from 'react';
import { useChatClient } from '../../chats/chat-client-provider.tsx';
import { readAgain } from './fresh-images.ts';

/** The message whose picture a slide shows. */
export const SlideContext = createContext<Message | null>(null);

/** The thumbnail, as large as the picture that is being loaded will be. Only behind what covers it: a photograph. */
export function ThumbBehind({ message: { image } }: { message: Message }) {
  if (image === null || image.contentType !== 'image/jpeg') return null;
  return (
    <img
      src={image.thumbUrl}
      alt=""
      draggable={false}
      className="pointer-events-none absolute inset-0 m-auto size-full object-contain"
      style={{ maxWidth: image.width, maxHeight: image.height }}
    />
  );
}

/** In place of a picture that could not be loaded. Its URL may just have expired, so it is read again once before anybody is told. */
export function SlideProblem({ onReload }: { onReload(message: Message): void }) {
  const client = useChatClient();
  const message = useContext(SlideContext);
  const [isTold, setTold] = useState(false);
  const failed = useRef(message?.image?.url);
  const read = async () => {
    if (message === null || message.image === null) return;
    setTold(false);
    const fresh = await readAgain(client, message, message.image).catch(() => undefined);
    if (fresh === undefined || fresh.url === failed.current) setTold(true);
  };
  useEffect(() => void read(), []);
  if (!isTold || message === null) return null;
  return (
    <span role="alert" className="flex flex-col items-center gap-3 text-center text-sm leading-snug text-white">
      <span className="w-max max-w-[80vw]">The photo couldn’t be loaded.</span>
      <button
        type="button"
        onPointerDown={(event) => event.stopPropagation()}
        onClick={() => {
          void read();
          onReload(message);
        }}
        className="inline-flex min-h-11 items-center gap-2 rounded-full bg-white/15 px-4 font-semibold hover:bg-white/25"
      >
        <RotateCw size={16} aria-hidden /> Try again
      </button>
    </span>
  );
}
