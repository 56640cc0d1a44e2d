/** Runs what is asked for once at a time by its key: who asks while it runs waits for that run. */
export function createOnce(): (key: string, run: () => Promise<void>) => Promise<void> {
  const running = new Map<string, Promise<void>>();
  return (key, run) => {
    const held = running.get(key);
    if (held !== undefined) return held;
    const started = run().finally(() => running.delete(key));
    running.set(key, started);
    return started;
  };
}
