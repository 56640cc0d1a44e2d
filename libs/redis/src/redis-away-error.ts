/** Redis is not connected, or did not answer in time. What it holds may be lost, so callers go on without it. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError';

  constructor(message = 'Redis is away') {
    super(message);
  }
}
