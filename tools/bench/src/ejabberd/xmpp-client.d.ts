/** The part of xmpp.js that is used here; the package brings no types, and those published for it bring Express's. */
declare module '@xmpp/client' {
  import type { Socket } from 'node:net';

  export type Element = {
    name: string;
    attrs: Record<string, string | undefined>;
    getChild(name: string, xmlns?: string): Element | undefined;
    getChildElements(): Element[];
  };

  export type XmppClient = {
    on(event: 'stanza', listener: (stanza: Element) => void): void;
    on(event: 'error', listener: (error: Error) => void): void;
    on(event: 'disconnect', listener: () => void): void;
    /** Resolves once signed in and bound to a resource. */
    start(): Promise<unknown>;
    /** Milliseconds that a step of signing in may take; 2,000 by default. */
    timeout: number;
    /** Where it is connected. */
    socket: Socket | null;
    send(element: Element): Promise<void>;
    /** All in one write. */
    sendMany(elements: Element[]): Promise<void>;
    /** XEP-0198. */
    streamManagement: {
      on(event: 'ack', listener: (stanza: Element) => void): void;
      /** So many milliseconds after the last stanza it asks by itself for what is unacknowledged. */
      requestAckDebounce: number;
    };
    stop(): Promise<unknown>;
    /** Comes back by itself until it is stopped. */
    reconnect: { stop(): void };
  };

  export function client(options: {
    service: string;
    domain: string;
    resource: string;
    /** Signs in by a mechanism (RFC 6120, section 6) that the server offers. */
    credentials: (
      authenticate: (credentials: { username: string; password: string }, mechanism: string) => Promise<void>,
    ) => Promise<void>;
  }): XmppClient;

  export function xml(name: string, attrs?: Record<string, string>, ...children: (Element | string)[]): Element;
}
