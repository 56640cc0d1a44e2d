export { connectRedis, type Redis, type RedisOptions } from './connect-redis.ts';
export { createPresenceStore, type PresenceState, type PresenceStore } from './presence-store.ts';
export { createRateLimiter, type RateLimit, type RateLimiter } from './rate-limiter.ts';
export { createSessionStore, type SessionStore } from './session-store.ts';
export { RedisAwayError } from './redis-away-error.ts';
