/** What the tabs of one browser share about their outbox. */
export type OutboxTabs = {
  /** Tells the other tabs that the outbox has changed. */
  changed(): void;
  onChange(listener: () => void): () => void;
  /** Runs alone among all tabs for this name. Insecure origins have no Web Locks: there the idempotency key alone keeps a message single. */
  exclusive<T>(name: string, run: () => Promise<T>): Promise<T>;
  close(): void;
};

export function createOutboxTabs(userId: string): OutboxTabs {
  let closed = false;
  const channel = new BroadcastChannel(`parley:outbox:${userId}`);
  return {
    changed: () => {
      // A write that ends after its tab has signed out has nobody to tell here.
      if (!closed) channel.postMessage(null);
    },
    onChange: (listener) => {
      channel.addEventListener('message', listener);
      return () => channel.removeEventListener('message', listener);
    },
    exclusive: async (name, run) =>
      'locks' in navigator && navigator.locks !== undefined
        ? await navigator.locks.request(`parley:send:${userId}:${name}`, run)
        : run(),
    close: () => {
      closed = true;
      channel.close();
    },
  };
}
