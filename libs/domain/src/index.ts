export {
  memberPair,
  otherMember,
  pairKey,
  type ChatId,
  type ClientMessageId,
  type MemberPair,
  type MessageId,
  type SessionId,
  type UploadId,
  type UserId,
} from './ids.ts';
export { isEmoji } from './emoji.ts';
export { SNIFFED_BYTES, sniffImageType } from './sniff-image-type.ts';
export * from './limits.ts';
export { bodyPreimage, GENESIS_HASH, ledgerPreimage, type LedgerEntry, type MessageBody } from './ledger.ts';
export {
  foldText,
  matchesTerms,
  messageWords,
  MESSAGE_WORDS_MAX,
  searchKeys,
  searchTerms,
  WORD_MAX,
  type SearchTerms,
} from './search-text.ts';
export { verifyLink, type LedgerMessage, type LinkFault, type Sha256 } from './verify-link.ts';
export {
  clampToHead,
  deliveryState,
  mergeWatermarks,
  NO_WATERMARKS,
  type DeliveryState,
  type Marks,
  type Watermarks,
} from './watermarks.ts';
