import type { Device } from '@parley/chat-client';

/** This browser: its network, and the page that comes back into view, which may have slept. */
export const browserDevice: Device = {
  isOnline: () => navigator.onLine,
  watch: ({ online, offline }) => {
    const onVisible = () => {
      if (document.visibilityState === 'visible') online();
    };
    globalThis.addEventListener('online', online);
    globalThis.addEventListener('offline', offline);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      globalThis.removeEventListener('online', online);
      globalThis.removeEventListener('offline', offline);
      document.removeEventListener('visibilitychange', onVisible);
    };
  },
};
