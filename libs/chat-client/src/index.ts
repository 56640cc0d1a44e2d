export {
  startChatClient,
  type ChatClient,
  type ChatClientOptions,
  type Draft,
  type DraftPicture,
} from './chat-client.ts';
export type { ClientEvent } from './events.ts';
export {
  silentDevice,
  systemClock,
  systemRuntime,
  type Clock,
  type Device,
  type Log,
  type Random,
  type Runtime,
} from './ports.ts';
export { createExchange, type ApiRequest, type Exchange, type Fetch } from './http/exchange.ts';
export { authorized, type AccessToken } from './http/authorized.ts';
export { ApiError, ConnectionError, isTransient } from './http/errors.ts';
export { createMemoryOutbox, inOrderWritten, type Outbox, type Outgoing, type OutgoingFault } from './send/outbox.ts';
export { withChanges, inOrderMade, createMemoryChanges, type ChangeBox, type MessageChange } from './send/change.ts';
export type { PutFile } from './send/put-file.ts';
export { isUploading, type OutgoingPicture } from './send/upload-steps.ts';
export type { UploadTrouble, UploadView } from './send/upload-view.ts';
export { createWaiter, fullJitter } from './send/backoff.ts';
export { getMe, patchMe, searchPeople } from './calls/people.ts';
export { completeUpload, openUpload } from './calls/uploads.ts';
export type { MediaQuery } from './calls/media.ts';
export type { FoundMessages } from './calls/messages.ts';
export { marksOf, partnerOf, type ChatState } from './chat/chat-state.ts';
export type { ClientState, ClientStore, Connection } from './chat/client-state.ts';
export { isBehind } from './chat/revisions.ts';
export { lastOf, messageAt, type Run } from './chat/runs.ts';
export { cursorOf, firstSeqOf, hasOlder, shownRun, type Timeline } from './chat/timeline.ts';
export type { LedgerProblem } from './ledger/check.ts';
export { createMemoryProofs, furtherOf, type Proof, type ProofKeeper } from './ledger/proofs.ts';
export { sha256, type Sha256 } from './ledger/sha256.ts';
export type { Verification } from './ledger/verify-all.ts';
