import type { Message, MessageImage } from '@parley/contracts';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { useChatClient, useClientState } from '../../chats/chat-client-provider.tsx';
import { freshImages, readAgain } from './fresh-images.ts';

export type Loading = {
  /** With URLs that should work now. */
  image: MessageImage;
  /** Another number for each further try: the key of the `<img>`. */
  attempt: number;
  status: 'loading' | 'loaded' | 'failed';
  onLoad(): void;
  /** The `<img>` could not be loaded. The first time, its URL may just have expired: it is read again before anybody is told. */
  onError(): void;
  retry(): void;
};

type Tried = Pick<Loading, 'attempt' | 'status'>;

/** Loads the picture of a message, with fresh URLs where those it came with no longer work. */
export function useLoading(message: Message, own: MessageImage): Loading {
  const client = useChatClient();
  const image = useStore(freshImages(client), (images) => images[message.id]) ?? own;
  const [{ attempt, status }, setState] = useState<Tried>({
    attempt: 0,
    status: 'loading',
  });
  const hasReadAgain = useRef(false);
  const isMounted = useRef(true);
  useEffect(() => {
    isMounted.current = true;
    return () => {
      isMounted.current = false;
    };
  }, []);

  // What was loaded meanwhile after all stays as it is.
  const settle = (next: (before: Tried) => Tried) =>
    isMounted.current && setState((before) => (before.status === 'loaded' ? before : next(before)));
  const tryAgain = () => {
    hasReadAgain.current = true;
    readAgain(client, message, image).then(
      (fresh) =>
        settle((before) => ({ attempt: before.attempt + 1, status: fresh === undefined ? 'failed' : 'loading' })),
      () => settle((before) => ({ ...before, status: 'failed' })),
    );
  };
  const retry = () => {
    setState((before) => ({ ...before, status: 'loading' }));
    tryAgain();
  };

  const isLive = useClientState((state) => state.connection === 'live' || state.connection === 'polling');
  useEffect(() => {
    // What failed for want of a network is tried once more when there is one.
    if (isLive && status === 'failed') retry();
  }, [isLive]);

  return {
    image,
    attempt,
    status,
    onLoad: () => setState((before) => ({ ...before, status: 'loaded' })),
    onError: () => {
      if (hasReadAgain.current) setState((before) => ({ ...before, status: 'failed' }));
      else tryAgain();
    },
    retry,
  };
}
