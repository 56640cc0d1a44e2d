/** Server states in which MongoDB takes no write now but will (specification "Server Discovery And Monitoring"). */
const NOT_NOW = new Set([91, 189, 10107, 11600, 11602, 13435, 13436]);
/** Names of the driver's errors about connections. The one of a pool that was cleared under a running operation has no `Mongo` in front. */
const CONNECTION_ERROR =
  /^(?:Mongo(?:ServerSelection|Network|NetworkTimeout|PoolCleared|PoolClosed|WaitQueueTimeout|TopologyClosed|NotConnected|ServerClosed|ClientClosed|OperationTimeout)\w*|PoolClearedOnNetwork)Error$/;

/** A connection that ends while it is written to: that one error the driver passes on as Node made it. */
const BROKEN_SOCKET = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/**
 * Whether an error only says that MongoDB can't be reached now, which is a 503 and no bug. Told by name, as layer-2
 * libraries do not import one another.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (CONNECTION_ERROR.test(error.name)) return true;
  if ('code' in error && BROKEN_SOCKET.has(error.code)) return true;
  return error.name === 'MongoServerError' && 'code' in error && NOT_NOW.has(Number(error.code));
}
