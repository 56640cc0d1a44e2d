import type { Redis } from './connect-redis.ts';
import { runScript, script } from './run-script.ts';

const REVOKED = 'revoked';
/** Longer than any access token lives, and than any `put` of the same session can be on its way. */
const REVOKED_TTL_SECONDS = 3_600;
/** Writes remembered while Redis is away; the oldest goes first, and the token's own life bounds what that does. */
const REMEMBERED_MAX = 10_000;

/** A revoked session stays revoked: a refresh that runs at the same time must not revive it. */
const PUT = script(`
if redis.call('GET', KEYS[1]) == '${REVOKED}' then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1`);

export type SessionStore = {
  /** Says that a session lives, for `ttlSeconds`. Never rejects: while Redis is away it is remembered and written later. */
  put(sid: string, userId: string, ttlSeconds: number): Promise<void>;
  /** True while Redis is away: the access token's own life bounds what a revoked session can do. */
  isLive(sid: string): Promise<boolean>;
  /** Ends a session at once, everywhere. Never rejects, as `put`. */
  revoke(sid: string): Promise<void>;
};

/** Which sessions live, at `session:<sid>`, for every service and gateway to ask. */
export function createSessionStore(redis: Redis): SessionStore {
  const remembered = new Map<string, () => Promise<unknown>>();
  const keyOf = (sid: string): string => redis.key(`session:${sid}`);

  const write = async (sid: string, command: () => Promise<unknown>): Promise<void> => {
    try {
      await command();
      remembered.delete(sid);
    } catch (error) {
      redis.logger.warn({ err: error, sid }, 'session not written to redis yet');
      remembered.delete(sid);
      remembered.set(sid, command);
      if (remembered.size > REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? sid);
    }
  };
  redis.client.on('ready', () => {
    for (const [sid, command] of [...remembered]) void write(sid, command);
  });

  return {
    put: (sid, userId, ttlSeconds) =>
      write(sid, () =>
        redis.ask((client) =>
          runScript(client, PUT, {
            keys: [keyOf(sid)],
            arguments: [userId, String(Math.max(1, Math.ceil(ttlSeconds)))],
          }),
        ),
      ),
    revoke: (sid) =>
      write(sid, () =>
        redis.ask((client) =>
          client.set(keyOf(sid), REVOKED, { expiration: { type: 'EX', value: REVOKED_TTL_SECONDS } }),
        ),
      ),
    isLive: async (sid) => {
      try {
        const state = await redis.ask((client) => client.get(keyOf(sid)));
        return state !== null && state !== REVOKED;
      } catch (error) {
        redis.logger.debug({ err: error }, 'session not checked: redis is away');
        return true;
      }
    },
  };
}
