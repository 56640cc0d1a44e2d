import type { Server as HttpServer } from 'node:http';
import type { ServerOptions } from 'socket.io';
import { Server } from 'socket.io';
import { isOriginAllowed } from './check-handshake.ts';
import type { GatewayServer } from './socket-types.ts';

/** The longest packet: that of a message of the longest text, and room. A longer one ends its connection. */
const PACKET_BYTES_MAX = 64 * 1024;

/** Socket.IO on the public HTTP server; it takes `/socket.io/` and leaves every other path alone. */
export function createSocketServer(o: {
  http: HttpServer;
  publicOrigins: readonly string[];
  adapter?: ServerOptions['adapter'];
  isAccepting: () => boolean;
}): GatewayServer {
  const io: GatewayServer = new Server(o.http, {
    serveClient: false,
    transports: ['websocket', 'polling'],
    maxHttpBufferSize: PACKET_BYTES_MAX,
    // Compression costs a context a socket, and messages are short.
    perMessageDeflate: false,
    pingInterval: 20_000,
    pingTimeout: 20_000,
    connectTimeout: 10_000,
    cors: { origin: [...o.publicOrigins], credentials: true },
    allowRequest: (request, decide) => {
      if (!o.isAccepting()) return decide('the server is going away', false);
      if (!isOriginAllowed(request.headers.origin, o.publicOrigins)) return decide('origin not allowed', false);
      return decide(null, true);
    },
    ...(o.adapter ? { adapter: o.adapter } : {}),
  });
  // Engine.IO would keep the request that opened a connection, with its headers and stream, for as long as the connection lives
  // (Socket.IO documentation, "Memory usage"). Nothing here asks for it after `allowRequest`.
  io.engine.on('connection', (conn: { request: unknown }) => {
    conn.request = null;
  });
  return io;
}
