import type { ClientMessageId } from '@parley/domain';
import { xml, type Element, type XmppClient } from '@xmpp/client';
import { createMessageLog, type PairEvents, type PairLink, type PairScore } from '../pair-link.ts';

const RECEIPTS = 'urn:xmpp:receipts';
const STANZA_IDS = 'urn:xmpp:sid:0';
const STREAM_MANAGEMENT = 'urn:xmpp:sm:3';

/**
 * Joins a pair by XMPP as a client writes that wants to lose nothing: chat messages that ask for a receipt (XEP-0184), each with a request for
 * the server's acknowledgement (XEP-0198), which ejabberd gives once it has archived the message. What is pushed must carry its archive's id
 * (XEP-0359).
 */
export function linkXmpp(
  o: {
    clients: readonly [XmppClient, XmppClient];
    /** Bare addresses. */
    addresses: readonly [string, string];
    text: string;
    score: PairScore;
  },
  on: PairEvents,
): PairLink {
  const { clients, addresses, text, score } = o;
  const log = createMessageLog();
  const write = (client: XmppClient, stanzas: Element[]): void => {
    client.sendMany(stanzas).catch((error: unknown) => score.refused(String(error)));
  };
  const idOf = (stanza: Element): ClientMessageId => (stanza.attrs['id'] ?? '') as ClientMessageId;
  const isText = (stanza: Element): boolean => stanza.name === 'message' && stanza.getChild('body') !== undefined;

  const receive = (client: XmppClient, stanza: Element): void => {
    const id = idOf(stanza);
    if (!stanza.getChild('stanza-id', STANZA_IDS)) score.refused('not archived');
    if (!log.pushed(id)) return;
    const to = stanza.attrs['from'] ?? '';
    write(client, [xml('message', { to, type: 'chat' }, xml('received', { xmlns: RECEIPTS, id }))]);
    on.pushed(id);
  };

  for (const client of clients) {
    client.on('stanza', (stanza) => {
      if (stanza.attrs['type'] === 'error') {
        const reasons = stanza.getChild('error')?.getChildElements() ?? [];
        score.refused(reasons[0]?.name ?? 'error');
      } else if (isText(stanza)) receive(client, stanza);
      else if (stanza.getChild('received', RECEIPTS)) score.receipt();
    });
    client.streamManagement.on('ack', (stanza) => {
      if (!isText(stanza)) return;
      log.acknowledged(idOf(stanza), 0);
      on.acknowledged(idOf(stanza));
    });
  }

  return {
    send: (sender, id) => {
      const to = addresses[sender === 0 ? 1 : 0];
      const message = xml(
        'message',
        { to, type: 'chat', id },
        xml('body', {}, text),
        xml('request', { xmlns: RECEIPTS }),
      );
      write(clients[sender], [message, xml('r', { xmlns: STREAM_MANAGEMENT })]);
    },
    missing: log.missing,
    tally: log.tally,
  };
}
