import { Connection } from 'mongodb/lib/cmap/connection.js';

/**
 * Makes the driver settle an operation whose connection ends while it waits for its socket to take the command.
 *
 * mongodb 7.9.0 waits for the socket's `drain` after a `write` that returned false, and only the socket's `error` ends that wait. A socket
 * that was destroyed without an error has neither: when the server ends the connection in good order, one that waits in the pool is
 * destroyed some steps before Node tells that it is closed, and an operation that takes it just then (from `setImmediate`, say) never
 * settles, nor does one that was cut off by the driver's own timeout. What is here gives those the error that the connection ended with.
 * It reaches into the driver, whose version is pinned; connect-mongo.int.spec.ts fails without it (docs/adr/0011-a-driver-that-settles.md).
 */
export function settleWritesOfEndedConnections(): void {
  const { cleanup } = Connection.prototype;
  Connection.prototype.cleanup = function (this: Connection, error): void {
    if (this.closed) return;
    cleanup.call(this, error);
    if (this.socket.listenerCount('drain') > 0) this.socket.emit('error', error);
  };
}
