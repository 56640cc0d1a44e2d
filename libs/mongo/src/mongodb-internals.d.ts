/** What settle-writes.ts uses of the driver's insides, which it publishes without types. */
declare module 'mongodb/lib/cmap/connection.js' {
  import type { Socket } from 'node:net';

  export class Connection {
    readonly closed: boolean;
    readonly socket: Socket;
    /** Ends the connection; does nothing when it has ended. */
    cleanup(error: Error): void;
  }
}
