import type { MarksById } from '@parley/contracts';
import type { ChatId } from '@parley/domain';
import { z } from 'zod';
import { withTyping, type ClientStore } from '../chat/client-state.ts';
import type { ClientEvent } from '../events.ts';
import type { AccessToken } from '../http/authorized.ts';
import type { Exchange } from '../http/exchange.ts';
import type { ProofKeeper } from '../ledger/proofs.ts';
import type { Sha256 } from '../ledger/sha256.ts';
import type { Device, Runtime } from '../ports.ts';
import { acknowledgeHeld } from './acknowledge.ts';
import { catchUpChats } from './catch-up.ts';
import { createCatcher } from './catcher.ts';
import { createChats, type Chats } from './chats.ts';
import { connectLive, type LiveConnection } from './connection.ts';
import { handlersOf } from './handlers.ts';
import { compareHeads, measureRoundTrip } from './heads.ts';
import { createHistory, type History } from './history.ts';
import { fetchList, readPeopleAgain } from './list.ts';
import { watchPresence } from './presence.ts';
import { createReceipts, type ReceiptKind, type Receipts } from './receipts.ts';
import { rememberProofs } from './remember-proofs.ts';
import { createTypingSigns } from './typing.ts';
import { startUpkeep } from './upkeep.ts';

/** The part of a client that listens: everything that keeps its store equal to what the server has. */
export type Live = {
  connection: LiveConnection;
  chats: Chats;
  history: History;
  receipts: Receipts;
  catchUp(o: { whole: boolean }): Promise<void>;
  sendTyping(chatId: ChatId, typing: boolean): void;
  watchPresence(): void;
  stop(): void;
};

const typingAnswer = z.object({});

export function startLive(o: {
  exchange: Exchange;
  socketUrl: string;
  accessToken: AccessToken;
  store: ClientStore;
  runtime: Runtime;
  device: Device;
  sha256: Sha256;
  proofs: ProofKeeper;
  emit(event: ClientEvent): void;
  onRevoked(): void;
  wakeSender(): void;
  sendReceipt(kind: ReceiptKind, body: { chatId: ChatId; seq: number }): Promise<MarksById>;
}): Live {
  const { exchange, store, runtime } = o;
  const note = (error: unknown) => runtime.log.info('the next comparison will tell', error);
  const proofs = rememberProofs({
    ...o,
    keeper: o.proofs,
    onProblem: (chatId, problem) => chats.hear({ chatId, heard: { type: 'problem', problem } }),
  });
  const chats = createChats({ ...o, proofOf: proofs.proofOf, fetch: (when) => catcher.fetch(when) });
  const history = createHistory({ exchange, store, chats, ready: proofs.ready });
  const list = (options: { whole: boolean }) => fetchList({ exchange, store, chats }, options);
  const catcher = createCatcher({
    runtime,
    catchUp: (options) => catchUpChats({ exchange, store, chats, history, runtime, fetchList: list }, options),
    onRunning: (catchingUp) => store.setState({ catchingUp }),
  });
  const signs = createTypingSigns((chatId, typing) => store.setState(withTyping(chatId, typing)), runtime.clock);

  const connection = connectLive({
    url: o.socketUrl,
    accessToken: o.accessToken,
    runtime,
    handlers: handlersOf({
      store,
      chats,
      signs,
      log: runtime.log,
      catchUp: () => upkeep.catchUp({ whole: true }),
      fetch: catcher.fetch,
      onReady: () => upkeep.ready(),
      onRevoked: o.onRevoked,
    }),
    onDown: () => upkeep.down(),
  });
  const receipts = createReceipts({
    runtime,
    send: o.sendReceipt,
    onMarks: (chatId, marks) => chats.hear({ chatId, heard: { type: 'marks', marks } }),
  });
  const stopAcknowledging = acknowledgeHeld(store, receipts);
  const presence = () => watchPresence(exchange, connection, store);
  const upkeep = startUpkeep({
    live: connection,
    store,
    catcher,
    runtime,
    device: o.device,
    fetchList: list,
    compareHeads: () => compareHeads(connection, store, chats),
    measureRoundTrip: () => measureRoundTrip(connection, () => runtime.clock.now()),
    watchPresence: presence,
    readPeople: () => readPeopleAgain({ exchange, store }),
    clearTyping: () => signs.clear(),
    wakeSender: o.wakeSender,
  });

  return {
    connection,
    chats,
    history,
    receipts,
    catchUp: upkeep.catchUp,
    watchPresence: () => void presence().catch(note),
    sendTyping: (chatId, typing) => {
      if (connection.isReady()) connection.request('typing', { chatId, typing }, typingAnswer).catch(note);
    },
    stop: () => {
      upkeep.stop();
      proofs.stop();
      stopAcknowledging();
      receipts.stop();
      signs.clear();
      connection.close();
    },
  };
}
