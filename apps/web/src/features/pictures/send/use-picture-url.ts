import type { Outgoing } from '@parley/chat-client';
import { useEffect, useState } from 'react';
import { useChatClient } from '../../chats/chat-client-provider.tsx';
import { keepLocal, localUrl, releaseLocal } from '../local-pictures.ts';

/** An address of the picture in this browser, as long as it is shown; null until it is read, and where it is lost. */
export function usePictureUrl(entry: Outgoing): string | null {
  const client = useChatClient();
  const [url, setUrl] = useState<string | null>(() => localUrl(entry.clientMessageId) ?? null);
  const { clientMessageId } = entry;
  useEffect(() => {
    let made: string | undefined;
    let isShown = true;
    client
      .fileOf(entry)
      .then((file) => {
        if (file === undefined || !isShown) return;
        made = URL.createObjectURL(file);
        keepLocal(clientMessageId, made);
        setUrl(made);
      })
      .catch(console.warn);
    return () => {
      isShown = false;
      // The stored picture takes its place now, and is loaded over it.
      if (made !== undefined) releaseLocal(clientMessageId, made);
    };
    // Its other fields change while it is uploaded; its picture doesn't.
  }, [client, clientMessageId]);
  return url;
}
