import type { TabMessage, Tabs } from './session.ts';

const CHANNEL = 'parley:session';
const LOCK = 'parley:refresh';

/** The tabs of this browser. Insecure origins have no `navigator.locks`: there a tab stands alone, and the server forgives a refresh that is repeated within seconds. */
export function createBrowserTabs(): Tabs & { close(): void } {
  const channel = new BroadcastChannel(CHANNEL);
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (handler) => {
      channel.onmessage = (event: MessageEvent<TabMessage>) => handler(event.data);
    },
    exclusive: async (run) =>
      'locks' in navigator && navigator.locks !== undefined ? await navigator.locks.request(LOCK, run) : run(),
    close: () => channel.close(),
  };
}
