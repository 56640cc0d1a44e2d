import { MongoError, MongoErrorLabel, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';

const DUPLICATE_KEY = 11_000;
/** No primary, shutting down, stepped down: what the driver calls state change errors (SDAM specification). */
const STATE_CHANGE_CODES = new Set<unknown>([91, 189, 10_107, 11_600, 11_602, 13_435, 13_436]);
const AWAY_NAMES = new Set([
  'MongoNotConnectedError',
  'MongoTopologyClosedError',
  'MongoPoolClearedError',
  'MongoPoolClosedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  'MongoClientClosedError',
]);

/** Of a connection that ends while the driver writes to it: that one error it passes on as Node made it. */
const BROKEN_SOCKET_CODES = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

export type DuplicateKeyError = MongoServerError & { keyPattern: Record<string, 1 | -1> };

/** Whether a unique index refused a write; `keyPattern` tells which. */
export function isDuplicateKey(error: unknown): error is DuplicateKeyError {
  if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY) return false;
  // The driver drops it from a bulk write's error, and DocumentDB sends none: the message names the index.
  error['keyPattern'] ??= keyPatternOf(error.message);
  return true;
}

/** `index: chatId_1_seq_1 dup key` -> `{chatId: 1, seq: 1}`: the names that MongoDB gives to indexes by itself. */
function keyPatternOf(message: string): Record<string, number> {
  const name = /index: (\S+)/.exec(message)?.[1] ?? '';
  return Object.fromEntries(
    [...name.matchAll(/(.+?)_(-?1)(?:_|$)/g)].map(([, path = '', order]) => [path, Number(order)]),
  );
}

/** Whether MongoDB is away, so that the same may succeed later: for a service that is `unavailable`, not wrong. */
export function isMongoAway(error: unknown): boolean {
  if (!(error instanceof MongoError)) {
    return error instanceof Error && 'code' in error && BROKEN_SOCKET_CODES.has(error.code);
  }
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return true;
  if (error.hasErrorLabel(MongoErrorLabel.RetryableWriteError)) return true;
  return AWAY_NAMES.has(error.name) || STATE_CHANGE_CODES.has(error.code);
}
