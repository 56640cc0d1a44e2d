import type { Redis } from './connect-redis.ts';
import { READ, REMOVE, SOCKETS, TOUCH } from './presence-scripts.ts';
import { runScript, type Script } from './run-script.ts';

const LAST_SEEN_KEPT_SECONDS = 30 * 24 * 3_600;

/** `lastSeenAt` (ISO 8601 UTC) is when they were last known to be online; null while they are, and when it isn't known. */
export type PresenceState = { online: boolean; lastSeenAt: string | null };

/** Every method rejects with RedisAwayError while Redis is away. */
export type PresenceStore = {
  /** Keeps a socket of the user alive for another `ttlMs`. `cameOnline`: it is their only one. */
  touch(userId: string, socketId: string): Promise<{ cameOnline: boolean }>;
  /** Takes a socket away. `wentOffline`: the user has none left. */
  remove(userId: string, socketId: string): Promise<{ wentOffline: boolean; lastSeenAt: Date }>;
  online(userIds: string[]): Promise<Record<string, PresenceState>>;
  /** Ids of the user's live sockets, on all gateways. */
  sockets(userId: string): Promise<string[]>;
};

/**
 * Who is online: a sorted set a user, `presence:<userId>`, of socket ids by the time they expire, so that a gateway
 * that dies leaves no ghosts; and `presence:last:<userId>`, when they were last known to be there.
 * Times are the Redis server's, so gateways whose clocks differ agree. Scripts make each step atomic.
 */
export function createPresenceStore(redis: Redis, { ttlMs }: { ttlMs: number }): PresenceStore {
  const setKey = (userId: string): string => redis.key(`presence:${userId}`);
  const lastKey = (userId: string): string => redis.key(`presence:last:${userId}`);
  const run = (script: Script, keys: string[], args: (string | number)[]): Promise<unknown> =>
    redis.ask((client) => runScript(client, script, { keys, arguments: args.map(String) }));

  return {
    touch: async (userId, socketId) => {
      const others = await run(TOUCH, [setKey(userId), lastKey(userId)], [socketId, ttlMs, LAST_SEEN_KEPT_SECONDS]);
      return { cameOnline: others === 0 };
    },
    remove: async (userId, socketId) => {
      const reply = await run(REMOVE, [setKey(userId), lastKey(userId)], [socketId, LAST_SEEN_KEPT_SECONDS]);
      const [left, lastSeen] = reply as [number, string];
      return { wentOffline: left === 0, lastSeenAt: new Date(Number(lastSeen)) };
    },
    online: async (userIds) => {
      const keys = userIds.flatMap((userId) => [setKey(userId), lastKey(userId)]);
      const reply = userIds.length === 0 ? [] : await run(READ, keys, []);
      const states = reply as [live: number, lastSeen: string][];
      return Object.fromEntries(userIds.map((userId, at) => [userId, presenceState(states[at])]));
    },
    sockets: async (userId) => (await run(SOCKETS, [setKey(userId)], [])) as string[],
  };
}

function presenceState(state: [live: number, lastSeen: string] | undefined): PresenceState {
  const [live, lastSeen] = state ?? [0, ''];
  if (live > 0) return { online: true, lastSeenAt: null };
  return { online: false, lastSeenAt: lastSeen === '' ? null : new Date(Number(lastSeen)).toISOString() };
}
