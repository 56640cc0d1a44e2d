import { script } from './run-script.ts';

/** The server's time in milliseconds. `%.0f`: Lua would print it with an exponent. */
const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local stamp = string.format('%.0f', now)`;

/** KEYS: set, last. ARGV: socketId, ttl ms, seconds to keep last. Gives how many live sockets there were before. */
export const TOUCH = script(`${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', stamp)
local before = redis.call('ZCARD', KEYS[1])
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], stamp, 'EX', ARGV[3])
return before`);

/**
 * KEYS: set, last. ARGV: socketId, seconds to keep last. Gives how many live sockets are left and when the user was
 * last seen. A socket that had expired or was lost with Redis's data leaves the last time as it was known.
 */
export const REMOVE = script(`${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', stamp)
local removed = redis.call('ZREM', KEYS[1], ARGV[1])
if removed == 1 or redis.call('EXISTS', KEYS[2]) == 0 then redis.call('SET', KEYS[2], stamp, 'EX', ARGV[2]) end
return {redis.call('ZCARD', KEYS[1]), redis.call('GET', KEYS[2])}`);

/** KEYS: set and last of each user. Gives of each how many live sockets there are, and when they were last seen or ''. */
export const READ = script(`${NOW}
local states = {}
for i = 1, #KEYS, 2 do
  states[#states + 1] = {redis.call('ZCOUNT', KEYS[i], '(' .. stamp, '+inf'), redis.call('GET', KEYS[i + 1]) or ''}
end
return states`);

/** KEYS: set. */
export const SOCKETS = script(`${NOW}
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. stamp, '+inf')`);
