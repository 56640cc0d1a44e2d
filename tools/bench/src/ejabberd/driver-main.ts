import { client, xml, type XmppClient } from '@xmpp/client';
import type { Player } from '../driver-protocol.ts';
import type { PairScore } from '../pair-link.ts';
import { runDriver } from '../run-driver.ts';
import { linkXmpp } from './link-xmpp.ts';
import { XMPP_DOMAIN } from './start-ejabberd.ts';

/** Hundreds sign in at once. */
const SIGN_IN_STEP_MS = 20_000;

function connectPlayer(service: string, { userId, token }: Player, score: PairScore) {
  const session = client({
    service,
    domain: XMPP_DOMAIN,
    resource: 'bench',
    // SCRAM takes xmpp.js a third of a second of processor time for each client.
    credentials: (authenticate) => authenticate({ username: userId, password: token }, 'PLAIN'),
  });
  session.reconnect.stop();
  session.timeout = SIGN_IN_STEP_MS;
  // Every message asks for its acknowledgement as it is sent.
  session.streamManagement.requestAckDebounce = 60_000;
  session.on('error', (error) => score.refused(error.message));
  return { session, ready: signIn(session) };
}

/** Resolves once its presence came back: from then on messages to its bare address reach it. */
async function signIn(session: XmppClient): Promise<void> {
  const present = new Promise<void>((resolve) => {
    session.on('stanza', ({ name }) => name === 'presence' && resolve());
  });
  await session.start();
  // xmpp.js leaves Nagle's algorithm on, which would add 40 ms to every message.
  session.socket?.setNoDelay(true);
  await session.send(xml('presence'));
  await present;
}

runDriver((plan, { urls, text, score }) => {
  const [a, b] = [connectPlayer(urls[0], plan.players[0], score), connectPlayer(urls[1], plan.players[1], score)];
  const clients = [a.session, b.session] as const;
  const addressOf = ({ userId }: Player): string => `${userId}@${XMPP_DOMAIN}`;
  const addresses = [addressOf(plan.players[0]), addressOf(plan.players[1])] as const;
  return {
    ready: Promise.all([a.ready, b.ready]),
    link: (on) => linkXmpp({ clients, addresses, text, score }, on),
    // The process ends now, and its connections with it.
    close: () => undefined,
  };
});
